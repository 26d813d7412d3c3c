select "k0", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3"
from (select "k0", 0 as "g", coalesce("m0", 0) as "v0", coalesce("m1", 0) as "v1"
  from (select "x"."k0" as "k0", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1"
    from (select cast(date_trunc('week', (case when (("y"."d" >= date '2024-12-30') and ("y"."d" <= date '2025-01-19')) then "y"."d" else cast(("y"."d" + interval '364 days') as date) end)) as date) as "k0", (case when (("y"."d" >= date '2024-12-30') and ("y"."d" <= date '2025-01-19')) then 0 else 1 end) as "side", "y".*
      from (select "y"."d" as "d", nullif(count(*), 0) as "m0"
        from (select "f"."sold_on" as "d"
          from "sales" as "f"
          where ((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-01-21')) or (("f"."sold_on" >= date '2024-12-30') and ("f"."sold_on" <= date '2025-01-19')))) as "y"
        group by "y"."d") as "y") as "x"
    group by "x"."k0") as "r0"
  where (("m0" is not null) or ("m1" is not null))) as "q"
order by "k0" asc nulls last
limit 10001;
