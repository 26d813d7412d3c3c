select "k0", "k1", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m1" end)) as "m1"
  from (select "s"."k1" as "k1", "s"."side" as "side", "y".*
    from (select "y"."k0" as "k0", "y"."d" as "d", sum("y"."a_m0") as "m0", nullif(count(*), 0) as "m1"
      from (select "f"."channel" as "k0", "f"."amount" as "a_m0", cast(date_trunc('week', "f"."sold_on") as date) as "d"
        from "sales" as "f"
        where (("f"."sold_on" >= date '2024-03-06') and ("f"."sold_on" <= date '2024-03-26'))) as "y"
      group by "y"."k0", "y"."d") as "y"
    inner join (values (date '2024-03-04', date '2024-03-04', 0), (date '2024-03-11', date '2024-03-04', 0), (date '2024-03-11', date '2024-03-11', 0), (date '2024-03-18', date '2024-03-04', 0), (date '2024-03-18', date '2024-03-11', 0), (date '2024-03-18', date '2024-03-18', 0), (date '2024-03-25', date '2024-03-04', 0), (date '2024-03-25', date '2024-03-11', 0), (date '2024-03-25', date '2024-03-18', 0), (date '2024-03-25', date '2024-03-25', 0), (date '2024-03-04', date '2024-03-04', 1), (date '2024-03-11', date '2024-03-11', 1), (date '2024-03-18', date '2024-03-18', 1), (date '2024-03-25', date '2024-03-25', 1)) as "s"("k1", "from", "side") on ("y"."d" = "s"."from")) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
