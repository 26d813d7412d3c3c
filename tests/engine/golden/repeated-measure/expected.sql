with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
        from (select "d_product"."category" as "k0"
          from "sales" as "f"
          left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
        group by "x"."k0") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select null as "k0", 1 as "g", nullif(count(*), 0) as "m1"
        from (select 1 as "one"
          from "cases" as "f") as "x") as "u1")) as "u"
  group by "u"."k0", "u"."g"), "r1" as (select *, max("m1") filter (where ("g" = 1)) over () as "w0_0"
  from "r0") select "k0", "g", coalesce("m0", 0) as "v0", coalesce("w0_0", 0) as "v1"
from "r1"
where (("g" = 0) and (("m0" is not null) or ("w0_0" is not null)))
order by "k0" asc nulls last
limit 10001;
