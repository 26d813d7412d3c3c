select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", sum("x"."a_m1") as "m1"
  from (select "d_product"."name" as "k0", "f"."amount" as "a_m0", ("f"."amount" * 2) as "a_m1"
    from "sales" as "f"
    left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
