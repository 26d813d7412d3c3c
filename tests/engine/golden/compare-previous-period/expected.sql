select "k0", "g", "v0", "v1", ("v0" - "v1") as "v2", (cast(("v0" - "v1") as double) / nullif(cast(abs("v1") as double), 0)) as "v3", "v4", "v5", ("v4" - "v5") as "v6", (cast(("v4" - "v5") as double) / nullif(cast(abs("v5") as double), 0)) as "v7"
from (select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", coalesce("m2", 0) as "v4", coalesce("m3", 0) as "v5"
  from (select make_date("n"."k0" // 12, "n"."k0" % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0", "n"."m2" as "m2", "n"."m1" as "m1", "n"."m3" as "m3"
    from (select "x"."k0" as "k0", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 0) then "x"."m2" end)) as "m2", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1", sum((case when ("x"."side" = 1) then "x"."m2" end)) as "m3"
      from (select ((year("y"."d") * 12 + month("y"."d") - 1) + (case when (("y"."d" >= date '2024-04-01') and ("y"."d" <= date '2024-06-30')) then 0 else 3 end)) as "k0", (case when (("y"."d" >= date '2024-04-01') and ("y"."d" <= date '2024-06-30')) then 0 else 1 end) as "side", "y".*
        from (select "y"."d" as "d", sum("y"."a_m0") as "m0", nullif(count(*), 0) as "m2"
          from (select "f"."amount" as "a_m0", "f"."sold_on" as "d"
            from "sales" as "f"
            where (("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-06-30'))) as "y"
          group by "y"."d") as "y") as "x"
      group by "x"."k0") as "n") as "r0"
  where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) or ("m3" is not null))) as "q"
order by "k0" asc nulls last
limit 10001;
