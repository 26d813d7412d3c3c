with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2", max("u"."m3") as "m3", max("u"."m4") as "m4", max("u"."m5") as "m5", max("u"."m10") as "m10", max("u"."m6") as "m6", max("u"."m7") as "m7", max("u"."m8") as "m8", max("u"."m9") as "m9"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", "u0"."m2" as "m2", "u0"."m3" as "m3", "u0"."m4" as "m4", "u0"."m5" as "m5", "u0"."m10" as "m10", null as "m6", null as "m7", null as "m8", null as "m9"
      from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", avg("x"."a_m0") as "m0", max("x"."a_m1") as "m1", median("x"."a_m2") as "m2", quantile_cont("x"."a_m3", 0.9) as "m3", stddev_samp("x"."a_m4") as "m4", sum("x"."a_m5") filter (where "x"."b_m5") as "m5", sum("x"."a_m10") as "m10"
        from (select cast(date_trunc('month', "f"."sold_on") as date) as "k0", "f"."amount" as "a_m0", "f"."amount" as "a_m1", cast("f"."amount" as double) as "a_m2", cast("f"."amount" as double) as "a_m3", cast("f"."amount" as double) as "a_m4", ("f"."channel" = $1) as "b_m5", "f"."amount" as "a_m5", "f"."amount" as "a_m10"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
        group by grouping sets (("x"."k0"), ())) as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", "u1"."m6" as "m6", null as "m7", null as "m8", null as "m9"
      from (select "x"."k0" as "k0", 0 as "g", sum("x"."m6") as "m6"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."d" as "d", sum("y"."a_m6") as "m6"
            from (select cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m6"
              from "sales" as "f"
              where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
            group by "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-01-01', 213), (date '2024-07-01', date '2024-02-01', 213), (date '2024-07-01', date '2024-03-01', 213), (date '2024-07-01', date '2024-04-01', 213), (date '2024-07-01', date '2024-05-01', 213), (date '2024-07-01', date '2024-06-01', 213), (date '2024-07-01', date '2024-07-01', 213), (date '2024-08-01', date '2024-01-01', 244), (date '2024-08-01', date '2024-02-01', 244), (date '2024-08-01', date '2024-03-01', 244), (date '2024-08-01', date '2024-04-01', 244), (date '2024-08-01', date '2024-05-01', 244), (date '2024-08-01', date '2024-06-01', 244), (date '2024-08-01', date '2024-07-01', 244), (date '2024-08-01', date '2024-08-01', 244), (date '2024-09-01', date '2024-01-01', 274), (date '2024-09-01', date '2024-02-01', 274), (date '2024-09-01', date '2024-03-01', 274), (date '2024-09-01', date '2024-04-01', 274), (date '2024-09-01', date '2024-05-01', 274), (date '2024-09-01', date '2024-06-01', 274), (date '2024-09-01', date '2024-07-01', 274), (date '2024-09-01', date '2024-08-01', 274), (date '2024-09-01', date '2024-09-01', 274)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", "u2"."m6" as "m6", null as "m7", null as "m8", null as "m9"
      from (select null as "k0", 1 as "g", sum("x"."a_m6") as "m6"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m6"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u2")
    union all (select "u3"."k0" as "k0", "u3"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", "u3"."m7" as "m7", null as "m8", null as "m9"
      from (select "x"."k0" as "k0", 0 as "g", sum("x"."m7") as "m7"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."d" as "d", sum("y"."a_m7") as "m7"
            from (select "f"."sold_on" as "d", "f"."amount" as "a_m7"
              from "sales" as "f"
              where (("f"."sold_on" >= date '2024-07-04') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
            group by "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-07-04', 28), (date '2024-07-01', date '2024-07-05', 28), (date '2024-07-01', date '2024-07-06', 28), (date '2024-07-01', date '2024-07-07', 28), (date '2024-07-01', date '2024-07-08', 28), (date '2024-07-01', date '2024-07-09', 28), (date '2024-07-01', date '2024-07-10', 28), (date '2024-07-01', date '2024-07-11', 28), (date '2024-07-01', date '2024-07-12', 28), (date '2024-07-01', date '2024-07-13', 28), (date '2024-07-01', date '2024-07-14', 28), (date '2024-07-01', date '2024-07-15', 28), (date '2024-07-01', date '2024-07-16', 28), (date '2024-07-01', date '2024-07-17', 28), (date '2024-07-01', date '2024-07-18', 28), (date '2024-07-01', date '2024-07-19', 28), (date '2024-07-01', date '2024-07-20', 28), (date '2024-07-01', date '2024-07-21', 28), (date '2024-07-01', date '2024-07-22', 28), (date '2024-07-01', date '2024-07-23', 28), (date '2024-07-01', date '2024-07-24', 28), (date '2024-07-01', date '2024-07-25', 28), (date '2024-07-01', date '2024-07-26', 28), (date '2024-07-01', date '2024-07-27', 28), (date '2024-07-01', date '2024-07-28', 28), (date '2024-07-01', date '2024-07-29', 28), (date '2024-07-01', date '2024-07-30', 28), (date '2024-07-01', date '2024-07-31', 28), (date '2024-08-01', date '2024-08-04', 28), (date '2024-08-01', date '2024-08-05', 28), (date '2024-08-01', date '2024-08-06', 28), (date '2024-08-01', date '2024-08-07', 28), (date '2024-08-01', date '2024-08-08', 28), (date '2024-08-01', date '2024-08-09', 28), (date '2024-08-01', date '2024-08-10', 28), (date '2024-08-01', date '2024-08-11', 28), (date '2024-08-01', date '2024-08-12', 28), (date '2024-08-01', date '2024-08-13', 28), (date '2024-08-01', date '2024-08-14', 28), (date '2024-08-01', date '2024-08-15', 28), (date '2024-08-01', date '2024-08-16', 28), (date '2024-08-01', date '2024-08-17', 28), (date '2024-08-01', date '2024-08-18', 28), (date '2024-08-01', date '2024-08-19', 28), (date '2024-08-01', date '2024-08-20', 28), (date '2024-08-01', date '2024-08-21', 28), (date '2024-08-01', date '2024-08-22', 28), (date '2024-08-01', date '2024-08-23', 28), (date '2024-08-01', date '2024-08-24', 28), (date '2024-08-01', date '2024-08-25', 28), (date '2024-08-01', date '2024-08-26', 28), (date '2024-08-01', date '2024-08-27', 28), (date '2024-08-01', date '2024-08-28', 28), (date '2024-08-01', date '2024-08-29', 28), (date '2024-08-01', date '2024-08-30', 28), (date '2024-08-01', date '2024-08-31', 28), (date '2024-09-01', date '2024-09-03', 28), (date '2024-09-01', date '2024-09-04', 28), (date '2024-09-01', date '2024-09-05', 28), (date '2024-09-01', date '2024-09-06', 28), (date '2024-09-01', date '2024-09-07', 28), (date '2024-09-01', date '2024-09-08', 28), (date '2024-09-01', date '2024-09-09', 28), (date '2024-09-01', date '2024-09-10', 28), (date '2024-09-01', date '2024-09-11', 28), (date '2024-09-01', date '2024-09-12', 28), (date '2024-09-01', date '2024-09-13', 28), (date '2024-09-01', date '2024-09-14', 28), (date '2024-09-01', date '2024-09-15', 28), (date '2024-09-01', date '2024-09-16', 28), (date '2024-09-01', date '2024-09-17', 28), (date '2024-09-01', date '2024-09-18', 28), (date '2024-09-01', date '2024-09-19', 28), (date '2024-09-01', date '2024-09-20', 28), (date '2024-09-01', date '2024-09-21', 28), (date '2024-09-01', date '2024-09-22', 28), (date '2024-09-01', date '2024-09-23', 28), (date '2024-09-01', date '2024-09-24', 28), (date '2024-09-01', date '2024-09-25', 28), (date '2024-09-01', date '2024-09-26', 28), (date '2024-09-01', date '2024-09-27', 28), (date '2024-09-01', date '2024-09-28', 28), (date '2024-09-01', date '2024-09-29', 28), (date '2024-09-01', date '2024-09-30', 28)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0") as "u3")
    union all (select "u4"."k0" as "k0", "u4"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", "u4"."m7" as "m7", null as "m8", null as "m9"
      from (select null as "k0", 1 as "g", sum("x"."a_m7") as "m7"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m7"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u4")
    union all (select "u5"."k0" as "k0", "u5"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", null as "m7", "u5"."m8" as "m8", null as "m9"
      from (select "x"."k0" as "k0", 0 as "g", sum("x"."m8") as "m8"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."d" as "d", sum("y"."a_m8") as "m8"
            from (select cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m8"
              from "sales" as "f"
              where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
            group by "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-01-01', 213), (date '2024-07-01', date '2024-02-01', 213), (date '2024-07-01', date '2024-03-01', 213), (date '2024-07-01', date '2024-04-01', 213), (date '2024-07-01', date '2024-05-01', 213), (date '2024-07-01', date '2024-06-01', 213), (date '2024-07-01', date '2024-07-01', 213), (date '2024-08-01', date '2024-01-01', 244), (date '2024-08-01', date '2024-02-01', 244), (date '2024-08-01', date '2024-03-01', 244), (date '2024-08-01', date '2024-04-01', 244), (date '2024-08-01', date '2024-05-01', 244), (date '2024-08-01', date '2024-06-01', 244), (date '2024-08-01', date '2024-07-01', 244), (date '2024-08-01', date '2024-08-01', 244), (date '2024-09-01', date '2024-01-01', 274), (date '2024-09-01', date '2024-02-01', 274), (date '2024-09-01', date '2024-03-01', 274), (date '2024-09-01', date '2024-04-01', 274), (date '2024-09-01', date '2024-05-01', 274), (date '2024-09-01', date '2024-06-01', 274), (date '2024-09-01', date '2024-07-01', 274), (date '2024-09-01', date '2024-08-01', 274), (date '2024-09-01', date '2024-09-01', 274)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0") as "u5")
    union all (select "u6"."k0" as "k0", "u6"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", null as "m7", "u6"."m8" as "m8", null as "m9"
      from (select null as "k0", 1 as "g", sum("x"."a_m8") as "m8"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m8"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x") as "u6")
    union all (select "u7"."k0" as "k0", "u7"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", null as "m7", null as "m8", "u7"."m9" as "m9"
      from (select "x"."k0" as "k0", 0 as "g", sum("x"."m9") as "m9"
        from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
          from (select "y"."d" as "d", sum("y"."a_m9") as "m9"
            from (select cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m9"
              from "sales" as "f"
              where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31'))) as "y"
            group by "y"."d") as "y"
          inner join (values (date '2024-07-01', date '2024-06-01', 30), (date '2024-08-01', date '2024-07-01', 31), (date '2024-09-01', date '2024-08-01', 31)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
        group by "x"."k0") as "u7")
    union all (select "u8"."k0" as "k0", "u8"."g" as "g", null as "m0", null as "m1", null as "m2", null as "m3", null as "m4", null as "m5", null as "m10", null as "m6", null as "m7", null as "m8", "u8"."m9" as "m9"
      from (select null as "k0", 1 as "g", sum("x"."a_m9") as "m9"
        from (select cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m9"
          from "sales" as "f"
          where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31'))) as "x") as "u8")) as "u"
  group by "u"."k0", "u"."g"), "r1" as (select *, max("m10") filter (where ("g" = 1)) over () as "w0_0", rank() over (partition by "g"
    order by "m10" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12"
from (select "k0", "g", "m0" as "v0", "m1" as "v1", "m2" as "v2", "m3" as "v3", "m4" as "v4", "m5" as "v5", "m6" as "v6", "m7" as "v7", "m8" as "v8", "m9" as "v9", (cast("m10" as double) / nullif(cast("w0_0" as double), 0)) as "v10", (case when ("m10" is not null) then "w0_1" end) as "v11", (cast("m4" as double) / nullif(cast("m0" as double), 0)) as "v12"
  from "r1"
  where (("g" = 0) and ((((((((((((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null)) or ("m4" is not null)) or ("m5" is not null)) or ("m6" is not null)) or ("m7" is not null)) or ("m8" is not null)) or ("m9" is not null)) or (((cast("m10" as double) / nullif(cast("w0_0" as double), 0)) is not null) and ("m10" is not null))) or ("m10" is not null)) or (((cast("m4" as double) / nullif(cast("m0" as double), 0)) is not null) and (("m4" is not null) or ("m0" is not null)))))) as "p"
order by "k0" asc nulls last
limit 10001
-- $1 = "web";
