select "k0", 0 as "g", "m0" as "v0"
from (select "x"."k0" as "k0", 0 as "g", (cast(sum("x"."a_m0") as double) / nullif(cast(max("x"."days") as double), 0)) as "m0"
  from (select "s"."k0" as "k0", "s"."days" as "days", "y".*
    from (select "f"."quantity" as "a_m0", "f"."day" as "d"
      from "stock" as "f"
      where (("f"."day" >= date '2024-02-01') and ("f"."day" <= date '2024-04-30'))) as "y"
    inner join (values (date '2024-02-01', date '2024-02-01', date '2024-02-29', 29), (date '2024-03-01', date '2024-03-01', date '2024-03-31', 31), (date '2024-04-01', date '2024-04-01', date '2024-04-30', 30)) as "s"("k0", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
  group by "x"."k0") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last
limit 10001;
