with "r0" as materialized (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", nullif(count(*) filter (where "x"."s0"), 0) as "m1", nullif(count(distinct "x"."a_m2") filter (where "x"."s0"), 0) as "m2", avg("x"."a_m3") filter (where "x"."s0") as "m3", max("x"."a_m4") filter (where "x"."s0") as "m4", min("x"."a_m5") filter (where "x"."s0") as "m5", median("x"."a_m6") filter (where "x"."s0") as "m6", quantile_cont("x"."a_m7", 0.9) filter (where "x"."s0") as "m7", stddev_samp("x"."a_m8") filter (where "x"."s0") as "m8", sum("x"."a_m9") filter (where ("x"."b_m9" and "x"."s0")) as "m9", sum("x"."a_m10") filter (where "x"."s0") as "m10", sum("x"."a_m0") filter (where "x"."s1") as "m11", sum("x"."a_m0") filter (where "x"."s2") as "m12", sum("x"."a_m0") filter (where "x"."s3") as "m13", sum("x"."a_m0") filter (where "x"."s4") as "m14"
  from (select "d_customer.region"."region_name" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $1) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10", (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30')) as "s0", ("f"."sold_on" <= date '2024-09-30') as "s1", (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30')) as "s2", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')) as "s3", (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31')) as "s4"
    from "sales" as "f"
    left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
    left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
    where ((("f"."customer_id" in (select "d"."customer_id" as "k"
            from "customer" as "d"
            left join (select "k0", 0 as "g", coalesce("m0", 0) as "v0"
              from (select "x"."k0" as "k0", 0 as "g", nullif(count(*), 0) as "m0"
                from (select "d_customer"."customer_id" as "k0"
                  from "cases" as "f"
                  left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                group by "x"."k0") as "r0"
              where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
            where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and (("d"."country" = $2) or (coalesce("measured"."v0", 0) >= $3))))) is true) and ("f"."sold_on" <= date '2024-09-30'))) as "x"
  group by grouping sets (("x"."k0"), ())), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast(("m0" - "m10") as double) / nullif(cast("m0" as double), 0)) as "v10", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v11", (case when ("m0" is not null) then "w0_1" end) as "v12", "m11" as "v13", "m12" as "v14", "m13" as "v15", "m14" as "v16"
from "r1"
where (("g" = 0) and ((((((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or ("m0" is not null)) or ("m11" is not null)) or ("m12" is not null)) or ("m13" is not null)) or ("m14" is not null)))
order by "k0" asc nulls last
limit 10001
-- $1 = "web"
-- $2 = "DE"
-- $3 = 3;
