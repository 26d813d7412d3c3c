select "k0", "g", "v0", "v1"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
          from (select "d_customer"."country" as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-06-30'))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m1") as "m1"
          from (select "d_customer"."country" as "k0", "f"."amount" as "a_m1"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-05-01') and ("f"."sold_on" <= date '2024-06-30'))) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
