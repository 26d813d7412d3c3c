select "k0", "k1", 0 as "g", "m0" as "v0", "m1" as "v1", "m2" as "v2"
from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1", max("u"."m2") as "m2"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1", null as "m2"
      from (select "n"."k0" as "k0", make_date("n"."k1" // 12, "n"."k1" % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
          from (select *, max("x"."d") over (partition by "x"."k1") as "edge"
            from (select "d_product"."category" as "k0", (year("f"."day") * 12 + month("f"."day") - 1) as "k1", "f"."quantity" as "a_m0", "f"."day" as "d"
              from "stock" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("f"."day" >= date '2024-04-01') and ("f"."day" <= date '2024-06-30')) and (("d_product"."name" in ($1, $2)) or (("d_product"."category" = $3) is not true)))) as "x") as "x"
          group by "x"."k0", "x"."k1") as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1", null as "m2"
      from (select "n"."k0" as "k0", make_date("n"."k1" // 12, "n"."k1" % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m1" as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m1") filter (where ("x"."d" = "x"."edge")) as "m1"
          from (select *, max("x"."d") over (partition by "x"."k0", "x"."k1", "x"."p0") as "edge"
            from (select "d_product"."category" as "k0", (year("f"."day") * 12 + month("f"."day") - 1) as "k1", "f"."quantity" as "a_m1", "f"."day" as "d", "f"."warehouse" as "p0"
              from "stock" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
              where ((("f"."day" >= date '2024-04-01') and ("f"."day" <= date '2024-06-30')) and (("d_product"."name" in ($4, $5)) or (("d_product"."category" = $6) is not true)))) as "x") as "x"
          group by "x"."k0", "x"."k1") as "n") as "u1")
    union all (select "u2"."k0" as "k0", "u2"."k1" as "k1", "u2"."g" as "g", null as "m0", null as "m1", "u2"."m2" as "m2"
      from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", (cast(sum("x"."a_m2") as double) / nullif(cast(max("x"."days") as double), 0)) as "m2"
        from (select "s"."k1" as "k1", "s"."days" as "days", "y".*
          from (select "d_product"."category" as "k0", "f"."quantity" as "a_m2", "f"."day" as "d"
            from "stock" as "f"
            left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")
            where ((("d_product"."name" in ($7, $8)) or (("d_product"."category" = $9) is not true)) and (("f"."day" >= date '2024-04-01') and ("f"."day" <= date '2024-06-30')))) as "y"
          inner join (values (date '2024-04-01', date '2024-04-01', date '2024-04-30', 30), (date '2024-05-01', date '2024-05-01', date '2024-05-31', 31), (date '2024-06-01', date '2024-06-01', date '2024-06-30', 30)) as "s"("k1", "from", "until", "days") on (("y"."d" >= "s"."from") and ("y"."d" <= "s"."until"))) as "x"
        group by "x"."k0", "x"."k1") as "u2")) as "u"
  group by "u"."k0", "u"."k1", "u"."g") as "r0"
where (((("m0" is not null) or ("m1" is not null)) or ("m2" is not null)) and ("m0" > $10))
order by "v0" desc nulls last, "k0" asc nulls last, "k1" asc nulls last
limit 6
-- $1 = "Product 1"
-- $2 = "Product 2"
-- $3 = "Category 1"
-- $4 = "Product 1"
-- $5 = "Product 2"
-- $6 = "Category 1"
-- $7 = "Product 1"
-- $8 = "Product 2"
-- $9 = "Category 1"
-- $10 = 20;
