select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", sum("x"."a_m0") filter (where "x"."s1") as "m1"
  from (select "d_customer"."country" as "k0", "f"."amount" as "a_m0", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-06-30')) as "s0", (("f"."sold_on" >= date '2024-05-01') and ("f"."sold_on" <= date '2024-06-30')) as "s1"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-06-30'))) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
