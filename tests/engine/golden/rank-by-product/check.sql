select p.name, rank() over (order by sum(amount) desc), sum(amount) from sales left join product p using (product_id) group by 1 order by 2 limit 5
