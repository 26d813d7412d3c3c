with "r0" as materialized (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2", max("u"."m3") as "m3", max("u"."m4") as "m4", max("u"."m5") as "m5", max("u"."m6") as "m6", max("u"."m7") as "m7", max("u"."m8") as "m8", max("u"."m9") as "m9", max("u"."m10") as "m10", max("u"."m11") as "m11", max("u"."m12") as "m12", max("u"."m13") as "m13", max("u"."m14") as "m14"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", "u0"."m2" as "m2", "u0"."m3" as "m3", "u0"."m4" as "m4", "u0"."m5" as "m5", "u0"."m6" as "m6", "u0"."m7" as "m7", "u0"."m8" as "m8", "u0"."m9" as "m9", "u0"."m10" as "m10", null as "m11", null as "m12", null as "m13", null as "m14"
      from (select "n"."k0" as "k0", make_date("n"."k1" // 12, "n"."k1" % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0", "n"."m1" as "m1", "n"."m2" as "m2", "n"."m3" as "m3", "n"."m4" as "m4", "n"."m5" as "m5", "n"."m6" as "m6", "n"."m7" as "m7", "n"."m8" as "m8", "n"."m9" as "m9", "n"."m10" as "m10"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m0") as "m0", nullif(count(*), 0) as "m1", nullif(count(distinct "x"."a_m2"), 0) as "m2", avg("x"."a_m3") as "m3", max("x"."a_m4") as "m4", min("x"."a_m5") as "m5", median("x"."a_m6") as "m6", quantile_cont("x"."a_m7", 0.9) as "m7", stddev_samp("x"."a_m8") as "m8", sum("x"."a_m9") filter (where "x"."b_m9") as "m9", sum("x"."a_m10") as "m10"
          from (select "d_product"."category" as "k0", (year("f"."sold_on") * 12 + month("f"."sold_on") - 1) as "k1", "f"."amount" as "a_m0", "f"."customer_id" as "a_m2", "f"."amount" as "a_m3", "f"."amount" as "a_m4", "f"."amount" as "a_m5", cast("f"."amount" as double) as "a_m6", cast("f"."amount" as double) as "a_m7", cast("f"."amount" as double) as "a_m8", ("f"."channel" = $1) as "b_m9", "f"."amount" as "a_m9", "f"."cost" as "a_m10"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
            where ((("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30')) and (("d_customer"."country" = $2) or (("f"."channel" is not null) is not true)))) as "x"
          group by grouping sets (("x"."k0", "x"."k1"), ())) as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", "u1"."m11" as "m11", null as "m12", null as "m13", null as "m14"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m11") as "m11"
        from (select "s"."k1" as "k1", "y".*
          from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m11") as "m11"
            from (select "d_product"."category" as "k0", "f"."amount" as "a_m11", cast(date_trunc('month', "f"."sold_on") as date) as "d"
              from "sales" as "f"
              left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("d_customer"."country" = $3) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')))) as "y"
            group by "y"."k0", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-01-01'), (date '2024-07-01', date '2024-02-01'), (date '2024-07-01', date '2024-03-01'), (date '2024-07-01', date '2024-04-01'), (date '2024-07-01', date '2024-05-01'), (date '2024-07-01', date '2024-06-01'), (date '2024-07-01', date '2024-07-01'), (date '2024-08-01', date '2024-01-01'), (date '2024-08-01', date '2024-02-01'), (date '2024-08-01', date '2024-03-01'), (date '2024-08-01', date '2024-04-01'), (date '2024-08-01', date '2024-05-01'), (date '2024-08-01', date '2024-06-01'), (date '2024-08-01', date '2024-07-01'), (date '2024-08-01', date '2024-08-01'), (date '2024-09-01', date '2024-01-01'), (date '2024-09-01', date '2024-02-01'), (date '2024-09-01', date '2024-03-01'), (date '2024-09-01', date '2024-04-01'), (date '2024-09-01', date '2024-05-01'), (date '2024-09-01', date '2024-06-01'), (date '2024-09-01', date '2024-07-01'), (date '2024-09-01', date '2024-08-01'), (date '2024-09-01', date '2024-09-01')) as "s"("k1", "from") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."k1" as "k1", "u2"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", "u2"."m11" as "m11", null as "m12", null as "m13", null as "m14"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m11") as "m11"
        from (select "f"."amount" as "a_m11"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."country" = $4) or (("f"."channel" is not null) is not true)) and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u2")
    union all (select "u3"."k0" as "k0", "u3"."k1" as "k1", "u3"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", "u3"."m12" as "m12", null as "m13", null as "m14"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m12") as "m12"
        from (select "y"."d" as "k1", "y".*
          from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m12") as "m12"
            from (select "d_product"."category" as "k0", "f"."amount" as "a_m12", cast(date_trunc('month', "f"."sold_on") as date) as "d"
              from "sales" as "f"
              left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("d_customer"."country" = $5) or (("f"."channel" is not null) is not true)) and (((("f"."sold_on" >= date '2024-07-04') and ("f"."sold_on" <= date '2024-07-31')) or (("f"."sold_on" >= date '2024-08-04') and ("f"."sold_on" <= date '2024-08-31'))) or (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30'))))) as "y"
            group by "y"."k0", "y"."d") as "y") as "x"
        group by "x"."k0", "x"."k1") as "u3")
    union all (select "u4"."k0" as "k0", "u4"."k1" as "k1", "u4"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", "u4"."m12" as "m12", null as "m13", null as "m14"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m12") as "m12"
        from (select "f"."amount" as "a_m12"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."country" = $6) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30')))) as "x") as "u4")
    union all (select "u5"."k0" as "k0", "u5"."k1" as "k1", "u5"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", null as "m12", "u5"."m13" as "m13", null as "m14"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m13") as "m13"
        from (select "s"."k1" as "k1", "y".*
          from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m13") as "m13"
            from (select "d_product"."category" as "k0", "f"."amount" as "a_m13", cast(date_trunc('month', "f"."sold_on") as date) as "d"
              from "sales" as "f"
              left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("d_customer"."country" = $7) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')))) as "y"
            group by "y"."k0", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-01-01'), (date '2024-07-01', date '2024-02-01'), (date '2024-07-01', date '2024-03-01'), (date '2024-07-01', date '2024-04-01'), (date '2024-07-01', date '2024-05-01'), (date '2024-07-01', date '2024-06-01'), (date '2024-07-01', date '2024-07-01'), (date '2024-08-01', date '2024-01-01'), (date '2024-08-01', date '2024-02-01'), (date '2024-08-01', date '2024-03-01'), (date '2024-08-01', date '2024-04-01'), (date '2024-08-01', date '2024-05-01'), (date '2024-08-01', date '2024-06-01'), (date '2024-08-01', date '2024-07-01'), (date '2024-08-01', date '2024-08-01'), (date '2024-09-01', date '2024-01-01'), (date '2024-09-01', date '2024-02-01'), (date '2024-09-01', date '2024-03-01'), (date '2024-09-01', date '2024-04-01'), (date '2024-09-01', date '2024-05-01'), (date '2024-09-01', date '2024-06-01'), (date '2024-09-01', date '2024-07-01'), (date '2024-09-01', date '2024-08-01'), (date '2024-09-01', date '2024-09-01')) as "s"("k1", "from") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u5")
    union all (select "u6"."k0" as "k0", "u6"."k1" as "k1", "u6"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", null as "m12", "u6"."m13" as "m13", null as "m14"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m13") as "m13"
        from (select "f"."amount" as "a_m13"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."country" = $8) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30')))) as "x") as "u6")
    union all (select "u7"."k0" as "k0", "u7"."k1" as "k1", "u7"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", null as "m12", null as "m13", "u7"."m14" as "m14"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m14") as "m14"
        from (select cast(("y"."d" + interval '1 months') as date) as "k1", "y".*
          from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m14") as "m14"
            from (select "d_product"."category" as "k0", "f"."amount" as "a_m14", cast(date_trunc('month', "f"."sold_on") as date) as "d"
              from "sales" as "f"
              left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("d_customer"."country" = $9) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31')))) as "y"
            group by "y"."k0", "y"."d") as "y") as "x"
        group by "x"."k0", "x"."k1") as "u7")
    union all (select "u8"."k0" as "k0", "u8"."k1" as "k1", "u8"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m6", null as "m7", null as "m8", null as "m9", null as "m10", null as "m11", null as "m12", null as "m13", "u8"."m14" as "m14"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m14") as "m14"
        from (select "f"."amount" as "a_m14"
          from "sales" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
          where ((("d_customer"."country" = $10) or (("f"."channel" is not null) is not true)) and (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31')))) as "x") as "u8")) as "u"
  group by "u"."k0", "u"."k1", "u"."g"), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 3)) over () when ("g" = 3) then max("m0") filter (where ("g" = 3)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "k1", "g", "m0" as "v0", coalesce("m1", 0) as "v1", coalesce("m2", 0) as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast(("m0" - "m10") as double) / nullif(cast("m0" as double), 0)) as "v10", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v11", (case when ("m0" is not null) then "w0_1" end) as "v12", "m11" as "v13", "m12" as "v14", "m13" as "v15", "m14" as "v16"
from "r1"
where (("g" = 0) and ((((((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or ("m0" is not null)) or ("m11" is not null)) or ("m12" is not null)) or ("m13" is not null)) or ("m14" is not null)))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001
-- $1 = "web"
-- $2 = "DE"
-- $3 = "DE"
-- $4 = "DE"
-- $5 = "DE"
-- $6 = "DE"
-- $7 = "DE"
-- $8 = "DE"
-- $9 = "DE"
-- $10 = "DE";
