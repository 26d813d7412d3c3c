select "k0", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "x"."k0" as "k0", 0 as "g", sum((case when ("x"."side" = 0) then "x"."m0" end)) as "m0", sum((case when ("x"."side" = 1) then "x"."m1" end)) as "m1"
  from (select "s"."k0" as "k0", "s"."side" as "side", "y".*
    from (select "y"."d" as "d", sum("y"."a_m0") as "m0", nullif(count(*), 0) as "m1"
      from (select "f"."amount" as "a_m0", "f"."sold_on" as "d"
        from "sales" as "f"
        where ((("f"."sold_on" >= date '2024-04-29') and ("f"."sold_on" <= date '2024-05-03')) or (("f"."sold_on" >= date '2024-05-29') and ("f"."sold_on" <= date '2024-06-03')))) as "y"
      group by "y"."d") as "y"
    inner join (values (date '2024-05-29', date '2024-04-29', 0), (date '2024-05-30', date '2024-04-30', 0), (date '2024-06-01', date '2024-05-01', 0), (date '2024-06-02', date '2024-05-02', 0), (date '2024-06-03', date '2024-05-03', 0), (date '2024-05-29', date '2024-05-29', 1), (date '2024-05-30', date '2024-05-30', 1), (date '2024-05-31', date '2024-05-31', 1), (date '2024-06-01', date '2024-06-01', 1), (date '2024-06-02', date '2024-06-02', 1), (date '2024-06-03', date '2024-06-03', 1)) as "s"("k0", "from", "side") on ("y"."d" = "s"."from")) as "x"
  group by "x"."k0") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last
limit 10001;
