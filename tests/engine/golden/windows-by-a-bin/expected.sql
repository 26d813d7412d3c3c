select "k0", "g", "v0", "v1", "v2", "v3"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", "m2" as "v2", "m3" as "v3"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2", max("u"."m3") as "m3"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1", null as "m2", null as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
          from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m0"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1", null as "m2", null as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m1") as "m1"
          from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m1"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-09-03') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
          group by "x"."k0") as "u1")
      union all (select "u2"."k0" as "k0", "u2"."g" as "g", null as "m0", null as "m1", "u2"."m2" as "m2", null as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m2") as "m2"
          from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m2"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-09-30'))) as "x"
          group by "x"."k0") as "u2")
      union all (select "u3"."k0" as "k0", "u3"."g" as "g", null as "m0", null as "m1", null as "m2", "u3"."m3" as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m3") as "m3"
          from (select (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m3"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            where (("f"."sold_on" >= date '2024-07-01') and ("f"."sold_on" <= date '2024-08-31'))) as "x"
          group by "x"."k0") as "u3")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null))) as "p"
order by "k0" asc nulls last
limit 10001;
