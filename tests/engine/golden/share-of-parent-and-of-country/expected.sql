with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", ((grouping("x"."k1") * 1) + 0) as "g", nullif(count(distinct "x"."a_m0"), 0) as "m0", sum("x"."a_m1") as "m1"
  from (select "d_customer"."country" as "k0", "d_product"."category" as "k1", "f"."customer_id" as "a_m0", "f"."amount" as "a_m1"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by grouping sets (("x"."k0", "x"."k1"), ("x"."k0"))), "r1" as (select *, (case when ("g" = 0) then max(coalesce("m0", 0)) filter (where ("g" = 1)) over (partition by "k0") when ("g" = 1) then max(coalesce("m0", 0)) filter (where ("g" = 3)) over () end) as "w0_0", (case when ("g" = 0) then max("m1") filter (where ("g" = 1)) over (partition by "k0") when ("g" = 1) then max("m1") filter (where ("g" = 1)) over (partition by "k0") end) as "w0_1"
  from "r0") select "k0", "k1", "g", (cast(coalesce("m0", 0) as double) / nullif(cast("w0_0" as double), 0)) as "v0", (cast("m1" as double) / nullif(cast("w0_1" as double), 0)) as "v1"
from "r1"
where (("g" = 0) and ((((cast(coalesce("m0", 0) as double) / nullif(cast("w0_0" as double), 0)) is not null) and ("m0" is not null)) or ((cast("m1" as double) / nullif(cast("w0_1" as double), 0)) is not null)))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
