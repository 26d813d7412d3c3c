with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
  from (select "d_product"."category" as "k0", "d_customer"."country" as "k1", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
  group by grouping sets (("x"."k0", "x"."k1"), (), ("x"."k0"))), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 3)) over () when ("g" = 3) then max("m0") filter (where ("g" = 3)) over () when ("g" = 1) then max("m0") filter (where ("g" = 3)) over () end) as "w0_0", (case when ("g" = 0) then max(coalesce("m1", 0)) filter (where ("g" = 1)) over (partition by "k0") when ("g" = 3) then max(coalesce("m1", 0)) filter (where ("g" = 3)) over () when ("g" = 1) then max(coalesce("m1", 0)) filter (where ("g" = 3)) over () end) as "w0_1"
  from "r0") select "k0", "k1", "g", "v0", "v1"
from ((select "k0", "k1", "g", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", (cast(coalesce("m1", 0) as double) / nullif(cast("w0_1" as double), 0)) as "v1"
    from "r1"
    where (("g" = 0) and (((cast("m0" as double) / nullif(cast("w0_0" as double), 0)) is not null) or (((cast(coalesce("m1", 0) as double) / nullif(cast("w0_1" as double), 0)) is not null) and ("m1" is not null))))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", (cast(coalesce("m1", 0) as double) / nullif(cast("w0_1" as double), 0)) as "v1"
    from "r1"
    where (("g" in (3, 1)) and (("g" = 3) or (((cast("m0" as double) / nullif(cast("w0_0" as double), 0)) is not null) or (((cast(coalesce("m1", 0) as double) / nullif(cast("w0_1" as double), 0)) is not null) and ("m1" is not null))))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
