select category, count(*), (select count(*) from cases) from sales left join product using (product_id) group by 1
