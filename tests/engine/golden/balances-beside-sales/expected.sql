select "k0", "k1", 0 as "g", "m0" as "v0", coalesce("m1", 0) as "v1"
from (select "u"."k0" as "k0", "u"."k1" as "k1", "u"."g" as "g", max("u"."m0") as "m0", max("u"."m1") as "m1"
  from ((select "u0"."k0" as "k0", "u0"."k1" as "k1", "u0"."g" as "g", "u0"."m0" as "m0", null as "m1"
      from (select "n"."k0" as "k0", make_date(("n"."k1" * 3) // 12, ("n"."k1" * 3) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m0" as "m0"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", sum("x"."a_m0") filter (where ("x"."d" = "x"."edge")) as "m0"
          from (select *, max("x"."d") over (partition by "x"."k1") as "edge"
            from (select "d_product"."category" as "k0", (year("f"."day") * 4 + quarter("f"."day") - 1) as "k1", "f"."quantity" as "a_m0", "f"."day" as "d"
              from "stock" as "f"
              left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x") as "x"
          group by "x"."k0", "x"."k1") as "n") as "u0")
    union all (select "u1"."k0" as "k0", "u1"."k1" as "k1", "u1"."g" as "g", null as "m0", "u1"."m1" as "m1"
      from (select "n"."k0" as "k0", make_date(("n"."k1" * 3) // 12, ("n"."k1" * 3) % 12 + 1, 1) as "k1", "n"."g" as "g", "n"."m1" as "m1"
        from (select "x"."k0" as "k0", "x"."k1" as "k1", 0 as "g", nullif(count(*), 0) as "m1"
          from (select "d_product"."category" as "k0", (year("f"."sold_on") * 4 + quarter("f"."sold_on") - 1) as "k1"
            from "sales" as "f"
            left join "product" as "d_product" on ("f"."product_id" = "d_product"."product_id")) as "x"
          group by "x"."k0", "x"."k1") as "n") as "u1")) as "u"
  group by "u"."k0", "u"."k1", "u"."g") as "r0"
where (("m0" is not null) or ("m1" is not null))
order by "k0" asc nulls last, "k1" asc nulls last
limit 10001;
