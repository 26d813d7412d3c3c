select "k0", "k1", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0"
  from (select "d_customer"."country" as "k0", "d_product"."category" as "k1", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last
limit 5;
