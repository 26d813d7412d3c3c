with "r0" as materialized (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(count(distinct "x"."a_m0"), 0) as "m0", sum("x"."a_m1") as "m1", nullif(count(*), 0) as "m2"
  from (select "d_product"."name" as "k0", "f"."customer_id" as "a_m0", "f"."amount" as "a_m1"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by grouping sets (("x"."k0"), ())) select "k0", "g", "v0", "v1", "h0"
from ((select "k0", "g", coalesce("m0", 0) as "v0", "m1" as "v1", coalesce("m2", 0) as "h0"
    from "r0"
    where ((("g" = 0) and (("m0" is not null) or ("m1" is not null))) and (coalesce("m2", 0) > $1))
    order by "k0" asc nulls last
    limit 10001)
  union all (select "k0", "g", coalesce("m0", 0) as "v0", "m1" as "v1", coalesce("m2", 0) as "h0"
    from "r0"
    where (("g" in (1)) and (("g" = 1) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last
-- $1 = 263;
