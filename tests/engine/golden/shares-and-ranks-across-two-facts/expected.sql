with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", sum("x"."a_m0") as "m0"
        from (select "x"."k0" as "k0", sum("x"."a_m0") as "a_m0"
          from (select "d_customer"."country" as "k0", "f"."amount" as "a_m0"
            from "sales" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0") as "x"
        group by grouping sets (("x"."k0"), ())) as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(sum("x"."a_m1"), 0) as "m1"
        from (select "x"."k0" as "k0", nullif(count(*), 0) as "a_m1"
          from (select "d_customer"."country" as "k0"
            from "cases" as "f"
            left join "customer" as "d_customer" on (("f"."customer_id" = "d_customer"."customer_id") and ("d_customer"."valid_until" is null))) as "x"
          group by "x"."k0") as "x"
        group by grouping sets (("x"."k0"), ())) as "u1")) as "u"
  group by "u"."k0", "u"."g"), "r1" as (select *, (case when ("g" = 0) then max("m0") filter (where ("g" = 1)) over () when ("g" = 1) then max("m0") filter (where ("g" = 1)) over () end) as "w0_0", rank() over (partition by "g"
    order by "m0" desc nulls last) as "w0_1"
  from "r0") select "k0", "g", (cast("m0" as double) / nullif(cast("w0_0" as double), 0)) as "v0", (case when ("m0" is not null) then "w0_1" end) as "v1", coalesce("m1", 0) as "v2"
from "r1"
where (("g" = 0) and ((((cast("m0" as double) / nullif(cast("w0_0" as double), 0)) is not null) or ("m0" is not null)) or ("m1" is not null)))
order by "k0" asc nulls last
limit 10001;
