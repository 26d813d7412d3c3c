select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0"
  from (select cast(timezone('Australia/Lord_Howe', "f"."at") as date) as "k0", hour(timezone('Australia/Lord_Howe', "f"."at")) as "k1"
    from "visits" as "f"
    where (("f"."at" >= cast('2024-04-05T13:00:00.000Z' as timestamptz)) and ("f"."at" < cast('2024-04-07T13:30:00.000Z' as timestamptz)))) as "x"
  group by "x"."k0", "x"."k1") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
