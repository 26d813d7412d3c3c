select "k0", "g", "v0"
from (select "k0", 0 as "g", "m0" as "v0"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
    from (select *, max("x"."d") over () as "edge"
      from (select "d_product"."name" as "k0", "f"."quantity" as "a_m0", "f"."day" as "d"
        from "stock" as "f"
        left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
        where (("f"."day" >= date '2024-05-01') and ("f"."day" <= date '2024-05-31'))) as "x") as "x"
    group by "x"."k0") as "r0"
  where ((("m0" is not null) and ("m0" is not null)) and ("m0" is not null))
  order by "v0" desc nulls last, "k0" asc nulls last
  limit 2) as "b"
order by "k0" asc nulls last
limit 10001;

select 0 as "g", "m0_r0" as "v0"
from (select 0 as "g", sum("x"."a_m0_r0") filter (where ("x"."d" = "x"."edge")) as "m0_r0"
  from (select *, max("x"."d") over () as "edge"
    from (select "f"."quantity" as "a_m0_r0", "f"."day" as "d"
      from "stock" as "f"
      left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
      where ((("f"."day" >= date '2024-05-01') and ("f"."day" <= date '2024-05-31')) and (("d_product"."name" in ($1, $2)) is not true))) as "x") as "x") as "r0"
limit 10000001
-- $1 = "Product 2"
-- $2 = "Product 4";
