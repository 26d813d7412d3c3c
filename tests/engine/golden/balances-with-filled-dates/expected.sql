select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
from (with "facts" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
          from (select *, max("x"."d") over (partition by "x"."k0") as "edge"
            from (select cast(date_trunc('week', "f"."day") as date) as "k0", "f"."quantity" as "a_m0", "f"."day" as "d"
              from "stock" as "f"
              where (("f"."day" >= date '2025-04-14') and ("f"."day" <= date '2025-05-18'))) as "x") as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(max("x"."days") as double), 0)) as "m1"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "f"."quantity" as "a_m1", "f"."day" as "d"
              from "stock" as "f"
              where (("f"."day" >= date '2025-04-14') and ("f"."day" <= date '2025-05-18'))) as "y"
            inner join (values (date '2025-04-14', date '2025-04-14', date '2025-04-20', 7), (date '2025-04-21', date '2025-04-21', date '2025-04-27', 7), (date '2025-04-28', date '2025-04-28', date '2025-05-04', 7), (date '2025-05-05', date '2025-05-05', date '2025-05-11', 7), (date '2025-05-12', date '2025-05-12', date '2025-05-18', 7)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") select "b"."k0" as "k0", "b"."g" as "g", max("b"."m0") as "m0", max("b"."m1") as "m1"
  from ((select "o"."k0" as "k0", "o"."g" as "g", "o"."m0" as "m0", "o"."m1" as "m1"
      from "facts" as "o")
    union all (select "s"."k0" as "k0", 0 as "g", null as "m0", null as "m1"
      from (select 1 as "one") as "c"
      cross join (values (date '2025-04-14'), (date '2025-04-21'), (date '2025-04-28'), (date '2025-05-05'), (date '2025-05-12')) as "s"("k0"))) as "b"
  group by "b"."k0", "b"."g") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or (("k0" >= date '2025-04-14') and ("k0" <= date '2025-05-12')))
order by "k0" asc nulls last
limit 10001;
