select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", ("m0" * "m1") as "v2"
from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select "x"."k0" as "k0", "s"."g" as "g", avg("x"."v0") as "m0"
        from (values (0, 0)) as "s"("inner", "g")
        inner join (select "k0", "k1", 0 as "g", "m0" as "v0"
          from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."k1" as "k1", "n"."g" as "g", "n"."m0" as "m0"
            from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0"
              from (select (year("f"."sold_on") * 4 + quarter("f"."sold_on") - 1) as "k0", "d_customer"."customer_id" as "k1", "f"."amount" as "a_m0"
                from "sales" as "f"
                left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
              group by "x"."k0", "x"."k1") as "n") as "r0"
          where ("m0" is not null)) as "x" on (("x"."g" = "s"."inner") and ("x"."k1" is not null))
        group by "x"."k0", "s"."g") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", (cast(sum("x"."a_m1") as double) / nullif(cast(count("x"."a_m1") as double), 0)) as "m1"
          from (select (year("f"."sold_on") * 4 + quarter("f"."sold_on") - 1) as "k0", (case when (("f"."customer_id" is null) or ("f"."sold_on" is null)) then null when ("n_m1"."next" <= cast(("f"."sold_on" + interval '30 days') as date)) then 1 else 0 end) as "a_m1"
            from "sales" as "f"
            left join (select "o"."e" as "e", "o"."t" as "t", "o"."next" as "next"
              from (select "u"."e" as "e", "u"."t" as "t", "u"."turn" as "turn", min("u"."c") over (partition by "u"."e"
                  order by "u"."t" desc nulls last, "u"."turn" asc nulls last) as "next"
                from ((select distinct "f"."customer_id" as "e", "f"."sold_on" as "t", cast(null as date) as "c", 1 as "turn"
                    from "sales" as "f"
                    where (("f"."customer_id" is not null) and ("f"."sold_on" is not null)))
                  union all (select "f"."customer_id" as "e", "f"."sold_on" as "t", "f"."sold_on" as "c", 2 as "turn"
                    from "sales" as "f"
                    where (("f"."customer_id" is not null) and ("f"."sold_on" is not null)))) as "u") as "o"
              where ("o"."turn" = 1)) as "n_m1" on (("n_m1"."e" = "f"."customer_id") and ("n_m1"."t" = "f"."sold_on"))) as "x"
          group by "x"."k0") as "n") as "u1")) as "u"
  group by "u"."k0", "u"."g") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
