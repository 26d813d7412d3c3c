with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m2") as "m2", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m2" as "m2", null as "m1"
      from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(sum("x"."a_m0"), 0) as "m0", sum("x"."a_m2") as "m2"
        from (select "x"."k0" as "k0", nullif(count(*), 0) as "a_m0", sum("x"."a_m2") as "a_m2"
          from (select "d_customer"."country" as "k0", "f"."amount" as "a_m2"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0") as "x"
        group by grouping sets (("x"."k0"), ())) as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", null as "m2", "u1"."m1" as "m1"
      from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(sum("x"."a_m1"), 0) as "m1"
        from (select "x"."k0" as "k0", nullif(count(*), 0) as "a_m1"
          from (select "d_customer"."country" as "k0"
            from "cases" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0") as "x"
        group by grouping sets (("x"."k0"), ())) as "u1")) as "u"
  group by "u"."k0", "u"."g") select "k0", "g", "v0", "v1", "v2"
from ((select "k0", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1", (cast("m2" as double) / nullif(cast(coalesce("m0", 0) as double), 0)) as "v2"
    from "r0"
    where ((("g" = 0) and ((("m0" is not null) or ("m1" is not null)) or (((cast("m2" as double) / nullif(cast(coalesce("m0", 0) as double), 0)) is not null) and (("m2" is not null) or ("m0" is not null))))) and (coalesce("m0", 0) > $1))
    order by "v0" desc nulls last, "k0" asc nulls last
    limit 10001)
  union all (select "k0", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1", (cast("m2" as double) / nullif(cast(coalesce("m0", 0) as double), 0)) as "v2"
    from "r0"
    where (("g" in (1)) and (("g" = 1) or ((("m0" is not null) or ("m1" is not null)) or (((cast("m2" as double) / nullif(cast(coalesce("m0", 0) as double), 0)) is not null) and (("m2" is not null) or ("m0" is not null)))))))) as "t"
order by "g" asc nulls last, "v0" desc nulls last, "k0" asc nulls last
-- $1 = 100;
