select "k0", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_product"."name" as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last
limit 3;

with "r0" as materialized (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", sum("x"."a_m0") as "m0"
  from (select "x"."k0" as "k0", sum("x"."a_m0") as "a_m0"
    from (select "d_product"."name" as "k0", "f"."amount" as "a_m0"
      from "sales" as "f"
      left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
    group by "x"."k0") as "x"
  group by grouping sets (("x"."k0"), ())), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", (case when ("m0" is not null) then "w0_1" end) as "v1"
from "r1"
where ((("g" = 0) and (((cast("m0" as double) / nullif(cast("w0_0" as double), 0)) is not null) or ("m0" is not null))) and (("k0" = $1) or ("k0" = $2)))
order by "k0" asc nulls last
limit 10001
-- $1 = "Product 10"
-- $2 = "Product 2";

with "r0" as materialized (select "u"."g" as "g", max("u"."m0") as "m0", max("u"."m0_r0") as "m0_r0"
  from ((select "u0"."g" as "g", "u0"."m0" as "m0", null as "m0_r0"
      from (select 0 as "g", sum("x"."a_m0") as "m0"
        from (select "f"."amount" as "a_m0"
          from "sales" as "f") as "x") as "u0")
    union all (select "u1"."g" as "g", null as "m0", "u1"."m0_r0" as "m0_r0"
      from (select 0 as "g", sum("x"."a_m0_r0") as "m0_r0"
        from (select "f"."amount" as "a_m0_r0"
          from "sales" as "f"
          left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
          where (("d_product"."name" in ($1, $2)) is not true)) as "x") as "u1")) as "u"
  group by "u"."g"), "r1" as (select *, max("m0") filter (where ("g" = 0)) over () as "w0_0"
  from "r0") select "g", (cast("m0_r0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", null as "v1"
from "r1"
where ("g" = 0)
limit 10000001
-- $1 = "Product 10"
-- $2 = "Product 2";
