select "k0", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", (cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) as "v4", (cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0)) as "v5"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", sum("x"."a_m2") filter (where "x"."s0") as "m2", sum("x"."a_m0") filter (where "x"."s1") as "m1", sum("x"."a_m2") filter (where "x"."s1") as "m3"
    from (select "d_customer.region"."region_name" as "k0", "f"."amount" as "a_m0", "f"."cost" as "a_m2", (("f"."sold_on" >= date '2024-05-01') and ("f"."sold_on" <= date '2024-05-10')) as "s0", (("f"."sold_on" >= date '2024-04-01') and ("f"."sold_on" <= date '2024-04-10')) as "s1"
      from "sales" as "f"
      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
      left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
      where ((("f"."sold_on" >= date '2024-04-01') and ("f"."sold_on" <= date '2024-04-10')) or (("f"."sold_on" >= date '2024-05-01') and ("f"."sold_on" <= date '2024-05-10')))) as "x"
    group by "x"."k0") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "q"
order by "k0" asc nulls last
limit 10001;
