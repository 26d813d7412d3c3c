with "r0" as materialized ((select "u0"."k0" as "k0", "u0"."g" as "g", "u0"."m0" as "m0", "u0"."m1" as "m1"
    from (select "x"."k0" as "k0", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1"
      from (select "s"."k0" as "k0", "s"."side" as "side", "y".*
        from (select "y"."d" as "d", sum("y"."a_m0") as "m0"
          from (select "f"."amount" as "a_m0", cast(date_trunc('month', "f"."sold_on") as date) as "d"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-05-31'))) as "y"
          group by "y"."d") as "y"
        inner join (values (date '2024-02-01', date '2024-01-01', 0), (date '2024-03-01', date '2024-02-01', 0), (date '2024-04-01', date '2024-03-01', 0), (date '2024-05-01', date '2024-04-01', 0), (date '2024-02-01', date '2024-02-01', 1), (date '2024-03-01', date '2024-03-01', 1), (date '2024-04-01', date '2024-04-01', 1), (date '2024-05-01', date '2024-05-01', 1)) as "s"("k0", "from", "side") on ("y"."d" = "s"."from")) as "x"
      group by "x"."k0") as "u0")
  union all (select "u1"."k0" as "k0", "u1"."g" as "g", "u1"."m0" as "m0", "u1"."m1" as "m1"
    from (select null as "k0", 1 as "g", sum("x"."a_m0") filter (where "x"."s0") as "m0", sum("x"."a_m0") filter (where "x"."s1") as "m1"
      from (select "f"."amount" as "a_m0", (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-04-30')) as "s0", (("f"."sold_on" >= date '2024-02-01') and ("f"."sold_on" <= date '2024-05-31')) as "s1"
        from "sales" as "f"
        where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-05-31'))) as "x") as "u1")) select "k0", "g", "v0", "v1"
from ((select "k0", "g", "m0" as "v0", "m1" as "v1"
    from "r0"
    where (("g" = 0) and (("m0" is not null) or ("m1" is not null)))
    order by "k0" asc nulls last
    limit 10001)
  union all (select "k0", "g", "m0" as "v0", "m1" as "v1"
    from "r0"
    where (("g" in (1)) and (("g" = 1) or (("m0" is not null) or ("m1" is not null)))))) as "t"
order by "g" asc nulls last, "k0" asc nulls last;
