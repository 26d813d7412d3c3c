with m as (select date_trunc('month', day) as m, max(day) as d from stock group by 1)
select m::date::varchar, name, sum(quantity) from stock join m on day = d join product using (product_id) where m between '2024-03-01' and '2024-05-01' group by 1, 2
