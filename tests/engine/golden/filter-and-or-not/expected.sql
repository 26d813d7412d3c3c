select "k0", 0 as "g", coalesce("m0", 0) as "v0", "m1" as "v1"
from (select make_date(("n"."k0" * 12) // 12, ("n"."k0" * 12) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1"
  from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0", sum("x"."a_m1") as "m1"
    from (select year("f"."sold_on") as "k0", "f"."amount" as "a_m1"
      from "sales" as "f"
      inner join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
      left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
      where (((("d_customer"."country" in ($1, $2)) or (contains(lower("d_product"."category"), lower($3)) is not true)) and ("d_customer"."age" >= $4)) and ("d_customer"."age" <= $5))) as "x"
    group by "x"."k0") as "n") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001
-- $1 = "DE"
-- $2 = "FR"
-- $3 = "gory 1"
-- $4 = 25
-- $5 = 55;
