with "r0" as materialized (select "u"."k0" as "k0", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0"
        from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(count(distinct "x"."a_m0"), 0) as "m0"
          from (select (year("f"."sold_on") * 4 + quarter("f"."sold_on") - 1) as "k0", "f"."customer_id" as "a_m0"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-12-31'))) as "x"
          group by grouping sets (("x"."k0"), ())) as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select make_date(("n"."k0" * 3) // 12, ("n"."k0" * 3) % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m1" as "m1"
        from (select "x"."k0" as "k0", ((grouping("x"."k0") * 1) + 0) as "g", nullif(sum("x"."a_m1"), 0) as "m1"
          from (select "x"."k0" as "k0", nullif(count(*), 0) as "a_m1"
            from (select (year("f"."opened_on") * 4 + quarter("f"."opened_on") - 1) as "k0"
              from "cases" as "f"
              where (("f"."opened_on" >= date '2024-01-01') and ("f"."opened_on" <= date '2024-12-31'))) as "x"
            group by "x"."k0") as "x"
          group by grouping sets (("x"."k0"), ())) as "n") as "u1")) as "u"
  group by "u"."k0", "u"."g") select "k0", "g", "v0", "v1"
from ((select "k0", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" = 0) and (("m0" is not null) or ("m1" is not null)))
    order by "k0" asc nulls last
    limit 10001)
  union all (select "k0", "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
    from "r0"
    where (("g" in (1)) and (("g" = 1) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last;
