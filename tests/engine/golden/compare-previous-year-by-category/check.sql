with x as (select category, year(sold_on) as y, sum(amount) as r, count(distinct customer_id) as n from sales left join product using (product_id) where quarter(sold_on) = 1 group by 1, 2)
select a.category, a.r, b.r, a.r - b.r, (a.r - b.r) / b.r, a.n, b.n, a.n - b.n, (a.n - b.n) / b.n from x a join x b on a.category is not distinct from b.category where a.y = 2025 and b.y = 2024
