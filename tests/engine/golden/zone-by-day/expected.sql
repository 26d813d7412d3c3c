select "k0", "k1", "g", "v0"
from (select "k0", "k1", 0 as "g", coalesce("m0", 0) as "v0"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m0"
    from (select cast(timezone('Australia/Lord_Howe', "f"."at") as date) as "k0", hour(timezone('Australia/Lord_Howe', "f"."at")) as "k1"
      from "visits" as "f"
      where (("f"."at" >= timezone('Australia/Lord_Howe', timestamp '2024-04-06')) and ("f"."at" < timezone('Australia/Lord_Howe', timestamp '2024-04-08')))) as "x"
    group by "x"."k0", "x"."k1") as "r0"
  where ("m0" is not null)) as "p"
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
