select "k0", "g", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14"
from (select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast(("m0" - "m10") as double) / nullif(cast("m0" as double), 0)) as "v10", "m11" as "v11", "m12" as "v12", "m13" as "v13", "m14" as "v14"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", nullif(count(*) filter (where "x"."s0"), 0) as "m1", nullif(count(distinct "x"."a_m2") filter (where "x"."s0"), 0) as "m2", avg("x"."a_m3") filter (where "x"."s0") as "m3", max("x"."a_m4") filter (where "x"."s0") as "m4", min("x"."a_m5") filter (where "x"."s0") as "m5", median("x"."a_m6") filter (where "x"."s0") as "m6", quantile_cont("x"."a_m7", 0.9) filter (where "x"."s0") as "m7", stddev_samp("x"."a_m8") filter (where "x"."s0") as "m8", sum("x"."a_m9") filter (where ("x"."b_m9" and "x"."s0")) as "m9", sum("x"."a_m10") filter (where "x"."s0") as "m10", sum("x"."a_m0") filter (where "x"."s1") as "m11", sum("x"."a_m0") filter (where "x"."s2") as "m12", sum("x"."a_m0") filter (where "x"."s3") as "m13", sum("x"."a_m0") filter (where "x"."s4") as "m14"
    from (select "d_customer"."city" as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $1) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10", (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30')) as "s0", ("f"."sold_on" <= date '2024-09-30') as "s1", (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30')) as "s2", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')) as "s3", (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31')) as "s4"
      from "sales" as "f"
      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
      where ("f"."sold_on" <= date '2024-09-30')) as "x"
    group by "x"."k0") as "r0"
  where (((((((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or ("m11" is not null)) or ("m12" is not null)) or ("m13" is not null)) or ("m14" is not null)) and ("m0" is not null)) and ("m0" is not null))
  order by "v0" desc nulls last, "k0" asc nulls last
  limit 3) as "b"
order by "k0" asc nulls last
limit 10001
-- $1 = "web";

select 0 as "g", "m0_r0" as "v0", coalesce("m1_r0", 0) as "v1", coalesce("m2_r0", 0) as "v2", "m3_r0" as "v3", "m4_r0" as "v4", "m5_r0" as "v5", "m6_r0" as "v6", "m7_r0" as "v7", "m8_r0" as "v8", "m9_r0" as "v9", (cast(("m0_r0" - "m10_r0") as double) / nullif(cast("m0_r0" as double), 0)) as "v10", "m11_r0" as "v11", "m12_r0" as "v12", "m13_r0" as "v13", "m14_r0" as "v14"
from (select "u"."g" as "g", max("u"."m0_r0") as "m0_r0", max("u"."m1_r0") as "m1_r0", max("u"."m2_r0") as "m2_r0", max("u"."m3_r0") as "m3_r0", max("u"."m4_r0") as "m4_r0", max("u"."m5_r0") as "m5_r0", max("u"."m6_r0") as "m6_r0", max("u"."m7_r0") as "m7_r0", max("u"."m8_r0") as "m8_r0", max("u"."m9_r0") as "m9_r0", max("u"."m10_r0") as "m10_r0", max("u"."m11_r0") as "m11_r0", max("u"."m12_r0") as "m12_r0", max("u"."m13_r0") as "m13_r0", max("u"."m14_r0") as "m14_r0"
  from ((select "u0"."g" as "g", "u0"."m0_r0" as "m0_r0", "u0"."m1_r0" as "m1_r0", "u0"."m2_r0" as "m2_r0", "u0"."m3_r0" as "m3_r0", "u0"."m4_r0" as "m4_r0", "u0"."m5_r0" as "m5_r0", "u0"."m6_r0" as "m6_r0", "u0"."m7_r0" as "m7_r0", "u0"."m8_r0" as "m8_r0", "u0"."m9_r0" as "m9_r0", "u0"."m10_r0" as "m10_r0", null as "m11_r0", null as "m12_r0", null as "m13_r0", null as "m14_r0"
      from (select 0 as "g", sum("x"."a_m0_r0") as "m0_r0", nullif(count(*), 0) as "m1_r0", nullif(count(distinct "x"."a_m2_r0"), 0) as "m2_r0", avg("x"."a_m3_r0") as "m3_r0", max("x"."a_m4_r0") as "m4_r0", min("x"."a_m5_r0") as "m5_r0", median("x"."a_m6_r0") as "m6_r0", quantile_cont("x"."a_m7_r0", 0.9) as "m7_r0", stddev_samp("x"."a_m8_r0") as "m8_r0", sum("x"."a_m9_r0") filter (where "x"."b_m9_r0") as "m9_r0", sum("x"."a_m10_r0") as "m10_r0"
        from (select "f"."amount" as "a_m0_r0", "f"."customer_id" as "a_m2_r0", "f"."amount" as "a_m3_r0", "f"."amount" as "a_m4_r0", "f"."amount" as "a_m5_r0", cast("f"."amount" as double) as "a_m6_r0", cast("f"."amount" as double) as "a_m7_r0", cast("f"."amount" as double) as "a_m8_r0", ("f"."channel" = $1) as "b_m9_r0", "f"."amount" as "a_m9_r0", "f"."cost" as "a_m10_r0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30')) and (("d_customer"."city" in ($2, $3, $4)) is not true))) as "x") as "u0")
    union all (select "u1"."g" as "g", null as "m0_r0", null as "m1_r0", null as "m2_r0", null as "m3_r0", null as "m4_r0", null as "m5_r0", null as "m6_r0", null as "m7_r0", null as "m8_r0", null as "m9_r0", null as "m10_r0", "u1"."m11_r0" as "m11_r0", null as "m12_r0", null as "m13_r0", null as "m14_r0"
      from (select 0 as "g", sum("x"."a_m11_r0") as "m11_r0"
        from (select "f"."amount" as "a_m11_r0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."city" in ($5, $6, $7)) is not true) and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u1")
    union all (select "u2"."g" as "g", null as "m0_r0", null as "m1_r0", null as "m2_r0", null as "m3_r0", null as "m4_r0", null as "m5_r0", null as "m6_r0", null as "m7_r0", null as "m8_r0", null as "m9_r0", null as "m10_r0", null as "m11_r0", "u2"."m12_r0" as "m12_r0", null as "m13_r0", null as "m14_r0"
      from (select 0 as "g", sum("x"."a_m12_r0") as "m12_r0"
        from (select "f"."amount" as "a_m12_r0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."city" in ($8, $9, $10)) is not true) and (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30')))) as "x") as "u2")
    union all (select "u3"."g" as "g", null as "m0_r0", null as "m1_r0", null as "m2_r0", null as "m3_r0", null as "m4_r0", null as "m5_r0", null as "m6_r0", null as "m7_r0", null as "m8_r0", null as "m9_r0", null as "m10_r0", null as "m11_r0", null as "m12_r0", "u3"."m13_r0" as "m13_r0", null as "m14_r0"
      from (select 0 as "g", sum("x"."a_m13_r0") as "m13_r0"
        from (select "f"."amount" as "a_m13_r0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."city" in ($11, $12, $13)) is not true) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')))) as "x") as "u3")
    union all (select "u4"."g" as "g", null as "m0_r0", null as "m1_r0", null as "m2_r0", null as "m3_r0", null as "m4_r0", null as "m5_r0", null as "m6_r0", null as "m7_r0", null as "m8_r0", null as "m9_r0", null as "m10_r0", null as "m11_r0", null as "m12_r0", null as "m13_r0", "u4"."m14_r0" as "m14_r0"
      from (select 0 as "g", sum("x"."a_m14_r0") as "m14_r0"
        from (select "f"."amount" as "a_m14_r0"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."city" in ($14, $15, $16)) is not true) and (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31')))) as "x") as "u4")) as "u"
  group by "u"."g") as "r0"
limit 10000001
-- $1 = "web"
-- $2 = "City 1"
-- $3 = "City 4"
-- $4 = "City 5"
-- $5 = "City 1"
-- $6 = "City 4"
-- $7 = "City 5"
-- $8 = "City 1"
-- $9 = "City 4"
-- $10 = "City 5"
-- $11 = "City 1"
-- $12 = "City 4"
-- $13 = "City 5"
-- $14 = "City 1"
-- $15 = "City 4"
-- $16 = "City 5";
