select "k0", "g", "v0", "v1", "v2", "v3"
from (select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", ((cast("m2" as double) / nullif(cast(nullif("m3", 0) as double), 0)) + (abs(coalesce("m4", 0)) * 0)) as "v2", ((((case when power("m5", 2) >= 0 then sqrt(power("m5", 2)) end) - "m5") + greatest("m6", "m7")) - least("m6", "m7")) as "v3"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m5") as "m5", max("u"."m6") as "m6", max("u"."m7") as "m7", max("u"."m2") as "m2", max("u"."m3") as "m3", max("u"."m4") as "m4"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", "u0"."m5" as "m5", "u0"."m6" as "m6", "u0"."m7" as "m7", null as "m2", null as "m3", null as "m4"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1", avg("x"."a_m5") as "m5", max("x"."a_m6") as "m6", min("x"."a_m7") as "m7"
          from (select cast(date_trunc('month', "f"."sold_on") as date) as "k0", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1", "f"."amount" as "a_m5", "f"."amount" as "a_m6", "f"."amount" as "a_m7"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", null as "m1", null as "m5", null as "m6", null as "m7", "u1"."m2" as "m2", null as "m3", null as "m4"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m2") as "m2"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m2") as "m2"
              from (select "f"."sold_on" as "d", "f"."amount" as "a_m2"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-07-04') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-07-01', date '2024-07-04', date '2024-07-31', 28), (date '2024-08-01', date '2024-08-04', date '2024-08-31', 28), (date '2024-09-01', date '2024-09-03', date '2024-09-30', 28)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u1")
      union all (select "u2"."k0" as "k0", "u2"."g" as "g", null as "m0", null as "m1", null as "m5", null as "m6", null as "m7", null as "m2", "u2"."m3" as "m3", null as "m4"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m3") as "m3"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m3") as "m3"
              from (select "f"."sold_on" as "d", "f"."amount" as "a_m3"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-07-01', date '2024-01-01', date '2024-07-31', 213), (date '2024-08-01', date '2024-01-01', date '2024-08-31', 244), (date '2024-09-01', date '2024-01-01', date '2024-09-30', 274)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u2")
      union all (select "u3"."k0" as "k0", "u3"."g" as "g", null as "m0", null as "m1", null as "m5", null as "m6", null as "m7", null as "m2", null as "m3", "u3"."m4" as "m4"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m4") as "m4"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m4") as "m4"
              from (select "f"."sold_on" as "d", "f"."amount" as "a_m4"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-08-31'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-07-01', date '2024-06-01', date '2024-06-30', 30), (date '2024-08-01', date '2024-07-01', date '2024-07-31', 31), (date '2024-09-01', date '2024-08-01', date '2024-08-31', 31)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u3")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or ((((cast("m2" as double) / nullif(cast(nullif("m3", 0) as double), 0)) + (abs(coalesce("m4", 0)) * 0)) is not null) and ((("m2" is not null) or ("m3" is not null)) or ("m4" is not null)))) or ((((((case when power("m5", 2) >= 0 then sqrt(power("m5", 2)) end) - "m5") + greatest("m6", "m7")) - least("m6", "m7")) is not null) and ((("m5" is not null) or ("m6" is not null)) or ("m7" is not null))))) as "p"
order by "k0" asc nulls last
limit 10001;
