select "k0", "g", "v0", "v1", "v2"
from (select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", "m2" as "v2"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1", null as "m2"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m1"), 0) as "m1"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "f"."sold_on" as "d", "f"."amount" as "a_m0", "f"."customer_id" as "a_m1"
              from "sales" as "f"
              where (("f"."sold_on" >= date '2024-06-01') and ("f"."sold_on" <= date '2024-07-02'))) as "y"
            inner join (values (date '2024-06-28', date '2024-06-01', date '2024-06-28', 28), (date '2024-06-29', date '2024-06-02', date '2024-06-29', 28), (date '2024-06-30', date '2024-06-03', date '2024-06-30', 28), (date '2024-07-01', date '2024-06-04', date '2024-07-01', 28), (date '2024-07-02', date '2024-06-05', date '2024-07-02', 28)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", null as "m1", "u1"."m2" as "m2"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."m2") as "m2"
          from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
            from (select "y"."d" as "d", sum("y"."a_m2") as "m2"
              from (select "f"."sold_on" as "d", "f"."amount" as "a_m2"
                from "sales" as "f"
                where (("f"."sold_on" >= date '2024-03-29') and ("f"."sold_on" <= date '2024-07-02'))) as "y"
              group by "y"."d") as "y"
            inner join (values (date '2024-06-28', date '2024-03-29', date '2024-06-28', 92), (date '2024-06-29', date '2024-03-30', date '2024-06-29', 92), (date '2024-06-30', date '2024-03-31', date '2024-06-30', 92), (date '2024-07-01', date '2024-04-02', date '2024-07-01', 91), (date '2024-07-02', date '2024-04-03', date '2024-07-02', 91)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
