select "k0", "k1", 0 as "g", (cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) as "v0", (cast(("m2" - "m3") as double) / nullif(cast("m2" as double), 0)) as "v1"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 0) then "x"."m1" end)) as "m1", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m2", sum((case when ("x"."side" = 1) then "x"."m1" end)) as "m3"
  from (select cast(date_trunc('quarter', (case when (("y"."d" >= date '2025-01-01') and ("y"."d" <= date '2025-12-31')) then "y"."d" else cast(("y"."d" + interval '12 months') as date) end)) as date) as "k1", (case when (("y"."d" >= date '2025-01-01') and ("y"."d" <= date '2025-12-31')) then 0 else 1 end) as "side", "y".*
    from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m0") as "m0", sum("y"."a_m1") as "m1"
      from (select "f"."channel" as "k0", "f"."amount" as "a_m0", "f"."cost" as "a_m1", cast(date_trunc('year', "f"."sold_on") as date) as "d"
        from "sales" as "f"
        where ((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31')) or (("f"."sold_on" >= date '2025-01-01') and ("f"."sold_on" <= date '2025-03-31')))) as "y"
      group by "y"."k0", "y"."d") as "y") as "x"
  group by "x"."k0", "x"."k1") as "r0"
where (((cast(("m0" - "m1") as double) / nullif(cast("m0" as double), 0)) is not null) or ((cast(("m2" - "m3") as double) / nullif(cast("m2" as double), 0)) is not null))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
