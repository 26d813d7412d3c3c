with "r0" as materialized (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2", max("u"."m3") as "m3", max("u"."m4") as "m4", max("u"."m5") as "m5"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m0") as "m0"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."k1" as "k1", "y"."d" as "d", sum("y"."a_m0") as "m0"
            from (select "d_product"."category" as "k1", cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
              from "sales" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
            group by "y"."k1", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-01-01', 213), (date '2024-07-01', date '2024-02-01', 213), (date '2024-07-01', date '2024-03-01', 213), (date '2024-07-01', date '2024-04-01', 213), (date '2024-07-01', date '2024-05-01', 213), (date '2024-07-01', date '2024-06-01', 213), (date '2024-07-01', date '2024-07-01', 213), (date '2024-08-01', date '2024-01-01', 244), (date '2024-08-01', date '2024-02-01', 244), (date '2024-08-01', date '2024-03-01', 244), (date '2024-08-01', date '2024-04-01', 244), (date '2024-08-01', date '2024-05-01', 244), (date '2024-08-01', date '2024-06-01', 244), (date '2024-08-01', date '2024-07-01', 244), (date '2024-08-01', date '2024-08-01', 244), (date '2024-09-01', date '2024-01-01', 274), (date '2024-09-01', date '2024-02-01', 274), (date '2024-09-01', date '2024-03-01', 274), (date '2024-09-01', date '2024-04-01', 274), (date '2024-09-01', date '2024-05-01', 274), (date '2024-09-01', date '2024-06-01', 274), (date '2024-09-01', date '2024-07-01', 274), (date '2024-09-01', date '2024-08-01', 274), (date '2024-09-01', date '2024-09-01', 274)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", "u1"."m0" as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m0") as "m0"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."k1" as "k1", "u2"."g" as "g", null as "m0", "u2"."m1" as "m1", null as "m2", null as "m3", null as "m4", null as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m1") as "m1"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."k1" as "k1", "y"."d" as "d", sum("y"."a_m1") as "m1"
            from (select "d_product"."category" as "k1", cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m1"
              from "sales" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2023-09-30'))) as "y"
            group by "y"."k1", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2023-01-01', 212), (date '2024-07-01', date '2023-02-01', 212), (date '2024-07-01', date '2023-03-01', 212), (date '2024-07-01', date '2023-04-01', 212), (date '2024-07-01', date '2023-05-01', 212), (date '2024-07-01', date '2023-06-01', 212), (date '2024-07-01', date '2023-07-01', 212), (date '2024-08-01', date '2023-01-01', 243), (date '2024-08-01', date '2023-02-01', 243), (date '2024-08-01', date '2023-03-01', 243), (date '2024-08-01', date '2023-04-01', 243), (date '2024-08-01', date '2023-05-01', 243), (date '2024-08-01', date '2023-06-01', 243), (date '2024-08-01', date '2023-07-01', 243), (date '2024-08-01', date '2023-08-01', 243), (date '2024-09-01', date '2023-01-01', 273), (date '2024-09-01', date '2023-02-01', 273), (date '2024-09-01', date '2023-03-01', 273), (date '2024-09-01', date '2023-04-01', 273), (date '2024-09-01', date '2023-05-01', 273), (date '2024-09-01', date '2023-06-01', 273), (date '2024-09-01', date '2023-07-01', 273), (date '2024-09-01', date '2023-08-01', 273), (date '2024-09-01', date '2023-09-01', 273)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u2")
    union all (select "u3"."k0" as "k0", "u3"."k1" as "k1", "u3"."g" as "g", null as "m0", "u3"."m1" as "m1", null as "m2", null as "m3", null as "m4", null as "m5"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m1") as "m1"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m1"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2023-01-01') and ("f"."sold_on" <= date '2023-09-30'))) as "x") as "u3")
    union all (select "u4"."k0" as "k0", "u4"."k1" as "k1", "u4"."g" as "g", null as "m0", null as "m1", "u4"."m2" as "m2", null as "m3", null as "m4", null as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m2") as "m2"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."k1" as "k1", "y"."d" as "d", sum("y"."a_m2") as "m2"
            from (select "d_product"."category" as "k1", cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m2"
              from "sales" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31'))) as "y"
            group by "y"."k1", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-06-01', 30), (date '2024-08-01', date '2024-07-01', 31), (date '2024-09-01', date '2024-08-01', 31)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u4")
    union all (select "u5"."k0" as "k0", "u5"."k1" as "k1", "u5"."g" as "g", null as "m0", null as "m1", "u5"."m2" as "m2", null as "m3", null as "m4", null as "m5"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m2") as "m2"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m2"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31'))) as "x") as "u5")
    union all (select "u6"."k0" as "k0", "u6"."k1" as "k1", "u6"."g" as "g", null as "m0", null as "m1", null as "m2", "u6"."m3" as "m3", null as "m4", null as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m3") as "m3"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."k1" as "k1", "y"."d" as "d", sum("y"."a_m3") as "m3"
            from (select "d_product"."category" as "k1", cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m3"
              from "sales" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."sold_on" >= date '2023-06-01') and ("f"."sold_on" <= date '2023-08-31'))) as "y"
            group by "y"."k1", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2023-06-01', 30), (date '2024-08-01', date '2023-07-01', 31), (date '2024-09-01', date '2023-08-01', 31)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u6")
    union all (select "u7"."k0" as "k0", "u7"."k1" as "k1", "u7"."g" as "g", null as "m0", null as "m1", null as "m2", "u7"."m3" as "m3", null as "m4", null as "m5"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m3") as "m3"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m3"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2023-06-01') and ("f"."sold_on" <= date '2023-08-31'))) as "x") as "u7")
    union all (select "u8"."k0" as "k0", "u8"."k1" as "k1", "u8"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", "u8"."m4" as "m4", null as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", (((grouping("x"."k0") * 2) + (grouping("x"."k1") * 1)) + 0) as "g", sum("x"."a_m4") as "m4"
        from (select cast(date_trunc('month', "f"."sold_on") as date) as "k0", "d_product"."category" as "k1", "f"."amount" as "a_m4"
          from "sales" as "f"
          left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
          where (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
        group by grouping sets (("x"."k0", "x"."k1"), ())) as "u8")
    union all (select "u9"."k0" as "k0", "u9"."k1" as "k1", "u9"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", "u9"."m5" as "m5"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m5") as "m5"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."k1" as "k1", "y"."d" as "d", sum("y"."a_m5") as "m5"
            from (select "d_product"."category" as "k1", cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m5"
              from "sales" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where (("f"."sold_on" >= date '2023-07-01') and ("f"."sold_on" <= date '2023-09-30'))) as "y"
            group by "y"."k1", "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2023-07-01', 31), (date '2024-08-01', date '2023-08-01', 31), (date '2024-09-01', date '2023-09-01', 30)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0", "x"."k1") as "u9")
    union all (select "u10"."k0" as "k0", "u10"."k1" as "k1", "u10"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", "u10"."m5" as "m5"
      from (select null as "k0", null as "k1", 3 as "g", sum("x"."a_m5") as "m5"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m5"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2023-07-01') and ("f"."sold_on" <= date '2023-09-30'))) as "x") as "u10")) as "u"
  group by "u"."k0", "u"."k1", "u"."g"), "r1" as (select *, max("m4") filter (where ("g" = 3)) over () as "w0_0", max("m5") filter (where ("g" = 3)) over () as "w0_1", rank() over (partition by "g"
    order by "m4" desc nulls last) as "w0_2", rank() over (partition by "g"
    order by "m5" desc nulls last) as "w0_3"
  from "r0") select "k0", "k1", "g", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15"
from (select "k0", "k1", "g", "m0" as "v0", "m1" as "v1", ("m0" - "m1") as "v2", (cast(("m0" - "m1") as double) / nullif(cast(abs("m1") as double), 0)) as "v3", "m2" as "v4", "m3" as "v5", ("m2" - "m3") as "v6", (cast(("m2" - "m3") as double) / nullif(cast(abs("m3") as double), 0)) as "v7", (cast("m4" as double) / nullif(cast("w0_0" as double), 0)) as "v8", (cast("m5" as double) / nullif(cast("w0_1" as double), 0)) as "v9", ((cast("m4" as double) / nullif(cast("w0_0" as double), 0)) - (cast("m5" as double) / nullif(cast("w0_1" as double), 0))) as "v10", (cast(((cast("m4" as double) / nullif(cast("w0_0" as double), 0)) - (cast("m5" as double) / nullif(cast("w0_1" as double), 0))) as double) / nullif(cast(abs((cast("m5" as double) / nullif(cast("w0_1" as double), 0))) as double), 0)) as "v11", (case when ("m4" is not null) then "w0_2" end) as "v12", (case when ("m5" is not null) then "w0_3" end) as "v13", ((case when ("m4" is not null) then "w0_2" end) - (case when ("m5" is not null) then "w0_3" end)) as "v14", (cast(((case when ("m4" is not null) then "w0_2" end) - (case when ("m5" is not null) then "w0_3" end)) as double) / nullif(cast(abs((case when ("m5" is not null) then "w0_3" end)) as double), 0)) as "v15"
  from "r1"
  where (("g" = 0) and (((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or (((cast("m4" as double) / nullif(cast("w0_0" as double), 0)) is not null) and ("m4" is not null))) or (((cast("m5" as double) / nullif(cast("w0_1" as double), 0)) is not null) and ("m5" is not null))) or ("m4" is not null)) or ("m5" is not null)))) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
