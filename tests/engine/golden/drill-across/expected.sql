select "k0", "k1", 0 as "g", "m0" as "v0", (cast(coalesce("m1", 0) as double) / nullif(cast(coalesce("m2", 0) as double), 0)) as "v1", (("m0" - "m3") - "m4") as "v2"
from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m2") as "m2", max("u"."m3") as "m3", max("u"."m1") as "m1", max("u"."m4") as "m4"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m2" as "m2", "u0"."m3" as "m3", null as "m1", null as "m4"
      from (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0", "n"."m2" as "m2", "n"."m3" as "m3"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") as "m0", nullif(count(distinct "x"."a_m2"), 0) as "m2", sum("x"."a_m3") as "m3"
          from (select "d_customer"."country" as "k0", year("f"."sold_on") as "k1", "f"."amount" as "a_m0", "f"."order_id" as "a_m2", "f"."cost" as "a_m3"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0", "x"."k1") as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", null as "m2", null as "m3", "u1"."m1" as "m1", "u1"."m4" as "m4"
      from (select "n"."k0" as "k0", make_date(("n"."k1" * 12) // 12, ("n"."k1" * 12) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m1" as "m1", "n"."m4" as "m4"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m1", sum("x"."a_m4") as "m4"
          from (select "d_customer"."country" as "k0", year("f"."opened_on") as "k1", "f"."cost" as "a_m4"
            from "cases" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0", "x"."k1") as "n") as "u1")) as "u"
  group by "u"."k0", "u"."k1", "u"."g") as "r0"
where (("m0" is not null) or (((cast(coalesce("m1", 0) as double) / nullif(cast(coalesce("m2", 0) as double), 0)) is not null) and (("m1" is not null) or ("m2" is not null))))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
