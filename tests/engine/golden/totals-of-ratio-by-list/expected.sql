with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m0") as "m0", sum("x"."a_m1") as "m1", median("x"."a_m2") as "m2"
  from (select "d_product"."category" as "k0", "f"."channel" as "k1", "f"."amount" as "a_m0", "f"."cost" as "a_m1", cast("f"."amount" as double) as "a_m2"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by grouping sets (("x"."k0", "x"."k1"), ("x"."k1"), ())) select "k0", "k1", "g", "v0", "v1"
from ((select "k0", "k1", "g", (cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) as "v0", "m2" as "v1"
    from "r0"
    where (("g" = 0) and (((cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) is not null) or ("m2" is not null)))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", (cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) as "v0", "m2" as "v1"
    from "r0"
    where (("g" in (2, 3)) and (("g" = 3) or (((cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) is not null) or ("m2" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
