with "r0" as materialized (with "facts" as materialized (select "n"."k0" as "k0", make_date("n"."k1" // 12, "n"."k1" % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2"
    from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0", sum("x"."a_m1") as "m1", sum("x"."a_m2") as "m2"
      from (select "f"."topic" as "k0", (year("f"."opened_on") * 12 + month("f"."opened_on") - 1) as "k1", "f"."cost" as "a_m1", "f"."cost" as "a_m2"
        from "cases" as "f"
        where (("f"."opened_on" >= date '2024-01-01') and ("f"."opened_on" <= date '2024-05-31'))) as "x"
      group by "x"."k0", "x"."k1") as "n") select "b"."k0" as "k0", "b"."k1" as "k1", "b"."g" as "g", max("b"."m0") as "m0", max("b"."m1") as "m1", max("b"."m2") as "m2"
  from ((select "o"."k0" as "k0", "o"."k1" as "k1", "o"."g" as "g", "o"."m0" as "m0", "o"."m1" as "m1", "o"."m2" as "m2"
      from "facts" as "o")
    union all (select "c"."k0" as "k0", "s"."k1" as "k1", 0 as "g", null as "m0", null as "m1", null as "m2"
      from (select distinct "q"."k0" as "k0"
        from "facts" as "q"
        where ("q"."g" = 0)) as "c"
      cross join (values (date '2024-01-01'), (date '2024-02-01'), (date '2024-03-01'), (date '2024-04-01'), (date '2024-05-01')) as "s"("k1"))) as "b"
  group by "b"."k0", "b"."k1", "b"."g"), "r1" as (select *, max((case when ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) then 1 end)) over (partition by "g", "k0") as "w0_0"
  from "r0") select "k0", "k1", "g", coalesce("m0", 0) as "v0", "m1" as "v1", coalesce("m2", 0) as "v2"
from "r1"
where (("g" = 0) and (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ((("k1" >= date '2024-01-01') and ("k1" <= date '2024-05-01')) and ("w0_0" = 1))))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
