select 0 as "g", "m0" as "v0", "m1" as "v1", "m2" as "v2", "m3" as "v3", coalesce("m4", 0) as "v4"
from (select 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", nullif(count(distinct "x"."a_m4") filter (where "x"."s0"), 0) as "m4", sum("x"."a_m0") filter (where "x"."s1") as "m1", sum("x"."a_m0") filter (where "x"."s2") as "m2", sum("x"."a_m0") filter (where "x"."s3") as "m3"
  from (select "f"."amount" as "a_m0", "f"."customer_id" as "a_m4", (("f"."sold_on" >= date '2025-02-21') and ("f"."sold_on" <= date '2025-03-20')) as "s0", (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-03-20')) as "s1", ("f"."sold_on" <= date '2025-03-20') as "s2", (("f"."sold_on" >= date '2024-01-15') and ("f"."sold_on" <= date '2024-03-20')) as "s3"
    from "sales" as "f"
    where ("f"."sold_on" <= date '2025-03-20')) as "x") as "r0"
limit 10001;
