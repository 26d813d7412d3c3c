select "k0", "k1", "k2", "k3", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1", (("m0" - "m2") - "m3") as "v2"
from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."k2" as "k2", "u"."k3" as "k3", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m2") as "m2", max("u"."m1") as "m1", max("u"."m3") as "m3"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."k2" as "k2", "u0"."k3" as "k3", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m2" as "m2", null as "m1", null as "m3"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", 0 as "g", sum("x"."a_m0") as "m0", sum("x"."a_m2") as "m2"
        from (select "d_customer"."status" as "k0", "d_customer.region"."region_name" as "k1", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k2", (("f"."customer_id" in (select "d"."customer_id" as "k"
                from "customer" as "d"
                left join (select "k0", 0 as "g", "m0" as "v0"
                  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                    from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                      from "sales" as "f"
                      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                    group by "x"."k0") as "r0"
                  where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
                where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $1)))) is true) as "k3", "f"."amount" as "a_m0", "f"."cost" as "a_m2"
          from "sales" as "f"
          left join "customer" as "d_customer" on ("f"."customer_version" = "d_customer"."customer_version")
          left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
          where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31'))) as "x"
        group by "x"."k0", "x"."k1", "x"."k2", "x"."k3") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."k2" as "k2", "u1"."k3" as "k3", "u1"."g" as "g", null as "m0", null as "m2", "u1"."m1" as "m1", "u1"."m3" as "m3"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", "x"."k2" as "k2", "x"."k3" as "k3", 0 as "g", nullif(count(*), 0) as "m1", sum("x"."a_m3") as "m3"
        from (select "d_customer"."status" as "k0", "d_customer.region"."region_name" as "k1", (case when ("d_customer"."age" is null) then cast(null as bigint) when ("d_customer"."age" < 30) then 0 when ("d_customer"."age" < 50) then 1 else 2 end) as "k2", (("f"."customer_id" in (select "d"."customer_id" as "k"
                from "customer" as "d"
                left join (select "k0", 0 as "g", "m0" as "v0"
                  from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0"
                    from (select "d_customer"."customer_id" as "k0", "f"."amount" as "a_m0"
                      from "sales" as "f"
                      left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
                    group by "x"."k0") as "r0"
                  where ("m0" is not null)) as "measured" on ("d"."customer_id" = "measured"."k0")
                where ((("d"."valid_until" is null) and ("d"."customer_id" is not null)) and ("measured"."v0" > $2)))) is true) as "k3", "f"."cost" as "a_m3"
          from "cases" as "f"
          left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ((("d_customer"."valid_from" is null) or ("d_customer"."valid_from" <= "f"."opened_on")) and (("d_customer"."valid_until" is null) or ("d_customer"."valid_until" > "f"."opened_on"))))
          left join "region" as "d_customer.region" on ("d_customer"."region_id" = "d_customer.region"."region_id")
          where (("f"."opened_on" >= date '2024-01-01') and ("f"."opened_on" <= date '2024-12-31'))) as "x"
        group by "x"."k0", "x"."k1", "x"."k2", "x"."k3") as "u1")) as "u"
  group by "u"."k0", "u"."k1", "u"."k2", "u"."k3", "u"."g") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last, "k1" asc nulls last, "k2" asc nulls last, "k3" asc nulls last
limit 13
-- $1 = 1000
-- $2 = 1000;
