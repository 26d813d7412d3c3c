select "k0", "g", "v0", "v1"
from (select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
    from (select "d_product"."name" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
      from "sales" as "f"
      left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
    group by "x"."k0") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) and ("m0" is not null)) and ("m0" is not null))
  order by "v0" desc nulls last, "k0" asc nulls last
  limit 3) as "b"
order by "k0" asc nulls last
limit 10001;

select 0 as "g", "m0_r0" as "v0", coalesce("m1_r0", 0) as "v1"
from (select 0 as "g", sum("x"."a_m0_r0") as "m0_r0", nullif(count(distinct "x"."a_m1_r0"), 0) as "m1_r0"
  from (select "f"."amount" as "a_m0_r0", "f"."customer_id" as "a_m1_r0"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
    where (("d_product"."name" in ($1, $2, $3)) is not true)) as "x") as "r0"
limit 10000001
-- $1 = "Product 10"
-- $2 = "Product 2"
-- $3 = "Product 5";
