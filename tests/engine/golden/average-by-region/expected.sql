select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", avg("x"."a_m0") as "m0", nullif(count(*), 0) as "m1"
  from (select "d_customer.region"."region_name" as "k0", "f"."amount" as "a_m0"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
