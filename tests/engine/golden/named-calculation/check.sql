select p.name, round(sum(amount) / count(distinct customer_id), 2), count(distinct customer_id) from sales left join product p using (product_id) group by 1 order by 2 desc limit 4
