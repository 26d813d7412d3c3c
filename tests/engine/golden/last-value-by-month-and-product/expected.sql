select "k0", "k1", 0 as "g", "m0" as "v0"
from (select make_date("n"."k0" // 12, "n"."k0" % 12 + 1, 1) as "k0", "n"."k1" as "k1", "n"."g" as "g", "n"."m0" as "m0"
  from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
    from (select *, max("x"."d") over (partition by "x"."k0") as "edge"
      from (select (year("f"."day") * 12 + month("f"."day") - 1) as "k0", "d_product"."name" as "k1", "f"."quantity" as "a_m0", "f"."day" as "d"
        from "stock" as "f"
        left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
        where (("f"."day" >= date '2024-03-01') and ("f"."day" <= date '2024-05-31'))) as "x") as "x"
    group by "x"."k0", "x"."k1") as "n") as "r0"
where ("m0" is not null)
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
