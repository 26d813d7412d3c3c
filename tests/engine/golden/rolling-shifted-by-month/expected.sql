select "k0", 0 as "g", "m0" as "v0"
from (select make_date("n"."k0" // 12, "n"."k0" % 12 + 1, 1) as "k0", "n"."g" as "g", "n"."m0" as "m0"
  from (select "x"."k0" as "k0", 0 as "g", sum("x"."m0") as "m0"
    from (select ((year("y"."d") * 12 + month("y"."d") - 1) + 1) as "k0", "y".*
      from (select "y"."d" as "d", sum("y"."a_m0") as "m0"
        from (select "f"."amount" as "a_m0", "f"."sold_on" as "d"
          from "sales" as "f"
          where ((("f"."sold_on" >= date '2025-01-04') and ("f"."sold_on" <= date '2025-02-28')) or (("f"."sold_on" >= date '2025-03-04') and ("f"."sold_on" <= date '2025-03-31')))) as "y"
        group by "y"."d") as "y") as "x"
    group by "x"."k0") as "n") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last
limit 10001;
