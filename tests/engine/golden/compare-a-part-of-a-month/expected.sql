select "k0", "g", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", ("m0" - "m1") as "v2", (cast(("m0" - "m1") as double) / nullif(cast(abs("m1") as double), 0)) as "v3", (cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) as "v4", (cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0)) as "v5", ((cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) - (cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0))) as "v6", (cast(((cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) - (cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0))) as double) / nullif(cast(abs((cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0))) as double), 0)) as "v7"
  from (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m2") as "m2", max("u"."m1") as "m1", max("u"."m3") as "m3"
    from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m2" as "m2", null as "m1", null as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m0") as "m0", sum("x"."a_m2") as "m2"
          from (select "d_customer_region"."region_name" as "k0", "f"."amount" as "a_m0", "f"."cost" as "a_m2"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            left join "region" as "d_customer_region" on ("d_customer"."region_id" = "d_customer_region"."region_id")
            where (("f"."sold_on" >= date '2024-05-01') and ("f"."sold_on" <= date '2024-05-10'))) as "x"
          group by "x"."k0") as "u0")
      union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", null as "m2", "u1"."m1" as "m1", "u1"."m3" as "m3"
        from (select "x"."k0" as "k0", 0 as "g", sum("x"."a_m1") as "m1", sum("x"."a_m3") as "m3"
          from (select "d_customer_region"."region_name" as "k0", cast(date_trunc('year', "f"."sold_on") as date) as "d", "f"."amount" as "a_m1", "f"."cost" as "a_m3"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))
            left join "region" as "d_customer_region" on ("d_customer"."region_id" = "d_customer_region"."region_id")
            where (("f"."sold_on" >= date '2024-04-01') and ("f"."sold_on" <= date '2024-04-10'))) as "x"
          group by "x"."k0") as "u1")) as "u"
    group by "u"."k0", "u"."g") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or (((cast(("m0" - "m2") as double) / nullif(cast("m0" as double), 0)) is not null) and (("m0" is not null) or ("m2" is not null)))) or (((cast(("m1" - "m3") as double) / nullif(cast("m1" as double), 0)) is not null) and (("m1" is not null) or ("m3" is not null))))) as "p"
order by "k0" asc nulls last
limit 10001;
