select "k0", "k1", "g", "v0", "v1", "v2", "v3"
from (select "k0", "k1", 0 as "g", "m0" as "v0", "m1" as "v1", ("m0" - "m1") as "v2", (cast(("m0" - "m1") as double) / nullif(cast(abs("m1") as double), 0)) as "v3"
  from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0"
          from (select "h_seller"."a" as "k0", ((case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) + (case when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 91 then 0 when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 182 then 91 when cast("f"."sold_on" as date) - (case when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '13 months' + interval '3 days' as date) as date) + 1) as date) - 1) when cast("f"."sold_on" as date) >= (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) then (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '1 months' + interval '3 days' as date) as date) + 1) as date) - 1) else (cast(date_trunc('week', cast(cast(cast(date_trunc('year', cast("f"."sold_on" as date)) as date) + interval '-11 months' + interval '3 days' as date) as date) + 1) as date) - 1) end) < 273 then 182 else 273 end)) as "k1", "f"."amount" as "a_m0"
            from "sales" as "f"
            left join (with recursive up(k, a) as (select k, k
                from (select "seller_id" as k, "above" as p
                  from "seller") as m union select up.k, m.p
                from up join (select "seller_id" as k, "above" as p
                  from "seller") as m on m.k = up.a
                where m.p is not null and m.p <> 0) select k, a
              from up) as "h_seller" on ("f"."product_id" = "h_seller"."k")
            where (("f"."sold_on" >= date '2024-02-04') and ("f"."sold_on" <= date '2024-08-03'))) as "x"
          group by "x"."k0", "x"."k1") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."m1") as "m1"
          from (select "s"."k1" as "k1", "s"."days" as "days", "y".*
            from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m1") as "m1"
              from (select "h_seller"."a" as "k0", "f"."sold_on" as "d", "f"."amount" as "a_m1"
                from "sales" as "f"
                left join (with recursive up(k, a) as (select k, k
                    from (select "seller_id" as k, "above" as p
                      from "seller") as m union select up.k, m.p
                    from up join (select "seller_id" as k, "above" as p
                      from "seller") as m on m.k = up.a
                    where m.p is not null and m.p <> 0) select k, a
                  from up) as "h_seller" on ("f"."product_id" = "h_seller"."k")
                where (("f"."sold_on" >= date '2023-07-30') and ("f"."sold_on" <= date '2024-02-03'))) as "y"
              group by "y"."k0", "y"."d") as "y"
            inner join (values (date '2024-02-04', date '2023-07-30', date '2023-10-28', 91), (date '2024-05-05', date '2023-10-29', date '2024-02-03', 98)) as "s"("k1", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
          group by "x"."k0", "x"."k1") as "u1")) as "u"
    group by "u"."k0", "u"."k1", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
