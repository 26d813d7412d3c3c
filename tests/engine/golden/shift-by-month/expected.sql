select "k0", 0 as "g", "m0" as "v0", "m1" as "v1", "m2" as "v2"
from (select "x"."k0" as "k0", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m0" end)) as "m1", sum((case when ("x"."side" = 2) then "x"."m0" end)) as "m2"
  from (select "s"."k0" as "k0", "s"."side" as "side", "y".*
    from (select "y"."d" as "d", sum("y"."a_m0") as "m0"
      from (select "f"."amount" as "a_m0", cast(date_trunc('month', "f"."sold_on") as date) as "d"
        from "sales" as "f"
        where ((("f"."sold_on" >= date '2024-01-01') and ("f"."sold_on" <= date '2024-03-31')) or (("f"."sold_on" >= date '2024-12-01') and ("f"."sold_on" <= date '2025-03-31')))) as "y"
      group by "y"."d") as "y"
    inner join (values (date '2025-01-01', date '2025-01-01', 0), (date '2025-02-01', date '2025-02-01', 0), (date '2025-03-01', date '2025-03-01', 0), (date '2025-01-01', date '2024-12-01', 1), (date '2025-02-01', date '2025-01-01', 1), (date '2025-03-01', date '2025-02-01', 1), (date '2025-01-01', date '2024-01-01', 2), (date '2025-02-01', date '2024-02-01', 2), (date '2025-03-01', date '2024-03-01', 2)) as "s"("k0", "from", "side") on ("y"."d" = "s"."from")) as "x"
  group by "x"."k0") as "r0"
where ((("m0" is not null) or ("m1" is not null)) or ("m2" is not null))
order by "k0" asc nulls last
limit 10001;
