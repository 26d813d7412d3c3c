with "r0" as materialized (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m0") as "m0"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", sum("x"."a_m0") as "a_m0"
    from (select "d_customer.region"."region_name" as "k0", "f"."channel" as "k1", "f"."amount" as "a_m0"
      from "sales" as "f"
      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
      left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")) as "x"
    group by "x"."k0", "x"."k1") as "x"
  group by grouping sets (("x"."k0", "x"."k1"), (), ("x"."k0"))), "r1" as (select *, rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_0"
  from "r0") select "k0", "k1", "g", "v0"
from ((select "k0", "k1", "g", (case when ("m0" is not null) then "w0_0" end) as "v0"
    from "r1"
    where (("g" = 0) and ("m0" is not null))
    order by "k0" asc nulls last, "k1" asc nulls last
    limit 10001)
  union all (select "k0", "k1", "g", (case when ("m0" is not null) then "w0_0" end) as "v0"
    from "r1"
    where (("g" in (3, 1)) and (("g" = 3) or ("m0" is not null))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last, "k1" asc nulls last;
