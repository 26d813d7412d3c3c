select "k0", "g", "v0", "v1"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m0") as "m0"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m0") as "m0"
              from (select cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-05-31'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2025-02-01', date '2025-01-01', 59), (date '2025-02-01', date '2025-02-01', 59), (date '2025-03-01', date '2025-01-01', 90), (date '2025-03-01', date '2025-02-01', 90), (date '2025-03-01', date '2025-03-01', 90), (date '2025-04-01', date '2025-01-01', 120), (date '2025-04-01', date '2025-02-01', 120), (date '2025-04-01', date '2025-03-01', 120), (date '2025-04-01', date '2025-04-01', 120), (date '2025-05-01', date '2025-01-01', 151), (date '2025-05-01', date '2025-02-01', 151), (date '2025-05-01', date '2025-03-01', 151), (date '2025-05-01', date '2025-04-01', 151), (date '2025-05-01', date '2025-05-01', 151)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m1") as "m1"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m1") as "m1"
              from (select cast(date_trunc('month', "f"."sold_on") as date) as "d", "f"."amount" as "a_m1"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-04-01') and ("f"."sold_on" <= date '2025-05-31'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2025-02-01', date '2024-04-01', 334), (date '2025-02-01', date '2024-05-01', 334), (date '2025-02-01', date '2024-06-01', 334), (date '2025-02-01', date '2024-07-01', 334), (date '2025-02-01', date '2024-08-01', 334), (date '2025-02-01', date '2024-09-01', 334), (date '2025-02-01', date '2024-10-01', 334), (date '2025-02-01', date '2024-11-01', 334), (date '2025-02-01', date '2024-12-01', 334), (date '2025-02-01', date '2025-01-01', 334), (date '2025-02-01', date '2025-02-01', 334), (date '2025-03-01', date '2024-04-01', 365), (date '2025-03-01', date '2024-05-01', 365), (date '2025-03-01', date '2024-06-01', 365), (date '2025-03-01', date '2024-07-01', 365), (date '2025-03-01', date '2024-08-01', 365), (date '2025-03-01', date '2024-09-01', 365), (date '2025-03-01', date '2024-10-01', 365), (date '2025-03-01', date '2024-11-01', 365), (date '2025-03-01', date '2024-12-01', 365), (date '2025-03-01', date '2025-01-01', 365), (date '2025-03-01', date '2025-02-01', 365), (date '2025-03-01', date '2025-03-01', 365), (date '2025-04-01', date '2025-04-01', 30), (date '2025-05-01', date '2025-04-01', 61), (date '2025-05-01', date '2025-05-01', 61)) as "s"("k0", "from", "days") on ("y"."d" = "s"."from")) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
