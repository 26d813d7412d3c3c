with e as (select date_trunc('month', day) as m, max(day) as d from stock group by 1), x as (select m, name, sum(quantity) as q from stock join e on day = d join product using (product_id) group by 1, 2)
select a.name, a.q, b.q, a.q - b.q, (a.q - b.q) / nullif(b.q, 0) from x a join x b using (name) where a.m = '2024-06-01' and b.m = '2024-04-01'
