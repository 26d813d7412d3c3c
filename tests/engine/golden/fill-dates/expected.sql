select "k0", "k1", "g", "v0", "v1", "v2"
from (with "page" as (select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0", "m1" as "v1", coalesce("m2", 0) as "v2"
    from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0", sum("x"."a_m1") as "m1", sum("x"."a_m2") as "m2"
      from (select "f"."topic" as "k0", cast(date_trunc('month', "f"."opened_on") as date) as "k1", "f"."cost" as "a_m1", "f"."cost" as "a_m2"
        from "cases" as "f"
        where (("f"."opened_on" >= date '2024-01-01') and ("f"."opened_on" <= date '2024-05-31'))) as "x"
      group by "x"."k0", "x"."k1") as "r0"
    where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))) select "c"."k0" as "k0", "s"."k1" as "k1", 0 as "g", coalesce("p"."v0", 0) as "v0", "p"."v1" as "v1", coalesce("p"."v2", 0) as "v2"
  from (select distinct "q"."k0" as "k0"
    from "page" as "q") as "c"
  cross join (values (date '2024-01-01'), (date '2024-02-01'), (date '2024-03-01'), (date '2024-04-01'), (date '2024-05-01')) as "s"("k1")
  left join "page" as "p" on (("c"."k0" is not distinct
      from "p"."k0") and ("s"."k1" is not distinct
      from "p"."k1"))) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
