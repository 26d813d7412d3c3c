select "k0", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v4", coalesce("m3", 0) as "v5"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", nullif(count(distinct "x"."a_m2") filter (where "x"."s0"), 0) as "m2", sum("x"."a_m0") filter (where "x"."s1") as "m1", nullif(count(distinct "x"."a_m2") filter (where "x"."s1"), 0) as "m3"
    from (select "d_product"."category" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-03-31')) as "s0", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31')) as "s1"
      from "sales" as "f"
      left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
      where ((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31')) or (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-03-31')))) as "x"
    group by "x"."k0") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null))) as "q"
order by "k0" asc nulls last
limit 10001;
